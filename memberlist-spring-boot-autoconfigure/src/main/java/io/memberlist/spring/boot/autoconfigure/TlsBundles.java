package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.spring.boot.autoconfigure.MemberlistProperties.Ssl;
import io.memberlist.transport.tls.PeerCheck;
import io.memberlist.transport.tls.TlsIdentity;
import io.memberlist.transport.tls.TlsSettings;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/** Takes keys and trust from the application's SSL bundles, and again whenever one is reloaded. */
record TlsBundles(MemberlistProperties properties, ObjectProvider<SslBundles> bundles) {
    private static final Logger log = LoggerFactory.getLogger(TlsBundles.class);
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
    /** No text in Base64 has a colon or a dot. */
    private static final Pattern FILE = Pattern.compile("/[^+=]{1,200}|.{0,200}[:.].{1,200}");

    private static final String SERVER = "memberlist.ssl.bundle";
    private static final String CLIENT = "memberlist.ssl.client-bundle";

    /**
     * {@return the settings of TLS, or null if no bundle is set}
     *
     * @throws InvalidMemberlistPropertyException if a bundle is missing or cannot be used
     */
    @Nullable
    TlsSettings settings() {
        Ssl ssl = properties.ssl();
        String server = ssl.bundle();
        if (server == null) {
            refuseWithoutBundle(ssl);
            return null;
        }
        String client = ssl.clientBundle() == null ? server : ssl.clientBundle();
        TlsSettings.Builder builder = TlsSettings.builder(checked(SERVER, server), checked(CLIENT, client))
                .check(ssl.verify())
                .clientCertificates(ssl.clientAuth());
        String name = ssl.peerName();
        if (name != null) {
            builder.peerName(name);
            if (ssl.verify() != PeerCheck.NAME) {
                throw new InvalidMemberlistPropertyException(
                        "memberlist.ssl.peer-name",
                        "it is set, and memberlist.ssl.verify is "
                                + ssl.verify().name().toLowerCase(Locale.ROOT),
                        "set memberlist.ssl.verify to name, or remove it");
            }
        }
        TlsSettings settings = builder.build();
        follow(settings, server, client);
        return settings;
    }

    /** Whoever asks for any of these believes that there is TLS. */
    private static void refuseWithoutBundle(Ssl ssl) {
        refuseWithoutBundle("client-bundle", ssl.clientBundle() != null);
        refuseWithoutBundle("peer-name", ssl.peerName() != null);
        refuseWithoutBundle("verify", ssl.verify() != PeerCheck.ADDRESS);
        refuseWithoutBundle("client-auth", !ssl.clientAuth());
    }

    private static void refuseWithoutBundle(String name, boolean set) {
        if (set) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.ssl." + name,
                    "it is set, and " + SERVER + " is not, so that there is no TLS",
                    "set " + SERVER + " as well, or remove it");
        }
    }

    private void follow(TlsSettings settings, String server, String client) {
        SslBundles all = bundles.getObject();
        Stream.of(server, client)
                .distinct()
                .forEach(name -> all.addBundleUpdateHandler(name, reloaded -> update(settings, server, client, name)));
    }

    /** A bundle that cannot be used stays unused: the member goes on with what it has. */
    private void update(TlsSettings settings, String server, String client, String reloaded) {
        try {
            settings.update(checked(SERVER, server), checked(CLIENT, client));
            log.info("The SSL bundle '{}' was reloaded: new connections of the member use it", reloaded);
        } catch (InvalidMemberlistPropertyException e) {
            log.error("The SSL bundle '{}' was reloaded and is not used: {}", reloaded, e.getMessage());
        }
    }

    private TlsIdentity checked(String property, String name) {
        SslBundles all = bundles.getIfAvailable();
        if (all == null) {
            throw new InvalidMemberlistPropertyException(
                    property,
                    "it is '" + name + "', and this application has no SSL bundles",
                    "let Spring Boot's SslAutoConfiguration run");
        }
        SslBundle bundle;
        try {
            bundle = all.getBundle(name);
        } catch (NoSuchSslBundleException e) {
            throw new InvalidMemberlistPropertyException(
                    property,
                    "there is no SSL bundle '" + name + "'",
                    "define it below spring.ssl.bundle.pem or spring.ssl.bundle.jks, or name one of "
                            + all.getBundleNames(),
                    e);
        }
        TlsIdentity identity = identity(property, name, bundle);
        Optional<String> problem = identity.problem(Instant.now());
        if (problem.isPresent()) {
            String text = problem.get();
            int remedy = text.lastIndexOf(": ");
            throw new InvalidMemberlistPropertyException(
                    property,
                    "in the SSL bundle '" + name + "' " + text.substring(0, remedy),
                    text.substring(remedy + 2));
        }
        return identity;
    }

    private static TlsIdentity identity(String property, String name, SslBundle bundle) {
        try {
            if (bundle.getStores().getTrustStore() == null) {
                throw new InvalidMemberlistPropertyException(
                        property,
                        "the SSL bundle '" + name + "' says nobody whom to trust, so that every public authority could"
                                + " let members in",
                        "add the certificate of the authority that signs those of the members, as its truststore");
            }
            SslOptions options = bundle.getOptions();
            return new TlsIdentity(
                    bundle.getManagers().getKeyManagerFactory(),
                    bundle.getManagers().getTrustManagerFactory(),
                    list(options.getEnabledProtocols()),
                    list(options.getCiphers()));
        } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidMemberlistPropertyException(
                    property,
                    "the SSL bundle '" + name + "' cannot be read: " + withoutKeys(String.valueOf(e.getMessage())),
                    "correct its files, its passwords or its aliases",
                    e);
        }
    }

    /** What is quoted in place of the name of a file may be a key that was written there. */
    private static String withoutKeys(String message) {
        return QUOTED.matcher(message)
                .replaceAll(quoted ->
                        FILE.matcher(quoted.group(1)).matches() ? Matcher.quoteReplacement(quoted.group()) : "'...'");
    }

    private static List<String> list(String @Nullable [] values) {
        return values == null ? List.of() : List.of(values);
    }
}
