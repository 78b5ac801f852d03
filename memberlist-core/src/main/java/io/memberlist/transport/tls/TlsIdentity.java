package io.memberlist.transport.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * What one side of a TLS connection proves itself with, and whom it trusts. Immutable: a member whose certificate was renewed gets
 * another identity by {@link TlsSettings#update}.
 */
public final class TlsIdentity {
    /** The protocols where no others are chosen. */
    public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "Ed25519");

    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA", "Ed25519", "DSA", "RSASSA-PSS");

    private final KeyManagerFactory keys;
    private final TrustManagerFactory trust;
    private final List<String> protocols;
    private final List<String> ciphers;

    /**
     * Takes keys and trust as the JDK holds them.
     *
     * @param keys an initialized factory of the own key with its certificates
     * @param trust an initialized factory of the certificates that are trusted
     * @param protocols such as {@code TLSv1.3}; empty for TLS 1.3 and 1.2
     * @param ciphers the names of cipher suites; empty for those of the TLS library
     */
    public TlsIdentity(
            KeyManagerFactory keys, TrustManagerFactory trust, List<String> protocols, List<String> ciphers) {
        this.keys = keys;
        this.trust = trust;
        this.protocols = protocols.isEmpty() ? DEFAULT_PROTOCOLS : List.copyOf(protocols);
        this.ciphers = List.copyOf(ciphers);
    }

    /**
     * {@return the identity that two key stores hold}
     *
     * @param keys has the own key with its certificates
     * @param password of the key
     * @param trust has the certificates that are trusted
     * @throws GeneralSecurityException if a store cannot be read; the message is the JDK's
     */
    public static TlsIdentity of(KeyStore keys, char[] password, KeyStore trust) throws GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        return new TlsIdentity(own, trusted, List.of(), List.of());
    }

    /** {@return the own keys} */
    public KeyManagerFactory keys() {
        return keys;
    }

    /** {@return whom it trusts} */
    public TrustManagerFactory trust() {
        return trust;
    }

    /** {@return the protocols, the best first} */
    public List<String> protocols() {
        return protocols;
    }

    /** {@return the cipher suites; empty for those of the TLS library} */
    public List<String> ciphers() {
        return ciphers;
    }

    /** {@return when the first of the own certificates ends; empty if there is none} */
    public Optional<Instant> expiresAt() {
        return entries().stream()
                .map(entry -> entry.certificate().getNotAfter().toInstant())
                .min(Comparator.naturalOrder());
    }

    /**
     * {@return what is wrong with the own keys and certificates, the protocols or the cipher suites, with the remedy; empty if nothing
     * is known to be} It signs something with each key, and so takes some milliseconds.
     */
    public Optional<String> problem(Instant now) {
        Optional<String> unknown = unknown();
        if (unknown.isPresent()) {
            return unknown;
        }
        List<Entry> entries = entries();
        if (entries.isEmpty()) {
            return Optional.of("there is no private key with a certificate: add both");
        }
        return entries.stream().flatMap(entry -> entry.problem(now).stream()).findFirst();
    }

    private Optional<String> unknown() {
        try {
            SSLParameters known = SSLContext.getDefault().getSupportedSSLParameters();
            return unknown("protocol", protocols, known.getProtocols())
                    .or(() -> unknown("cipher suite", ciphers, known.getCipherSuites()));
        } catch (NoSuchAlgorithmException e) {
            return Optional.of("this JVM has no TLS: " + e.getMessage());
        }
    }

    private static Optional<String> unknown(String what, List<String> chosen, String[] known) {
        List<String> all = List.of(known);
        return chosen.stream()
                .filter(each -> !all.contains(each))
                .findFirst()
                .map(each -> "the " + what + " '" + each + "' is unknown: choose among " + String.join(", ", all));
    }

    private List<Entry> entries() {
        Map<String, Entry> byAlias = new LinkedHashMap<>();
        for (KeyManager each : keys.getKeyManagers()) {
            if (each instanceof X509KeyManager manager) {
                for (String alias : aliases(manager)) {
                    X509Certificate[] chain = manager.getCertificateChain(alias);
                    PrivateKey key = manager.getPrivateKey(alias);
                    if (chain != null && chain.length > 0 && key != null) {
                        byAlias.put(alias, new Entry(key, chain[0]));
                    }
                }
            }
        }
        return List.copyOf(byAlias.values());
    }

    /** An own key with its certificate. */
    private record Entry(PrivateKey key, X509Certificate certificate) {
        Optional<String> problem(Instant now) {
            String subject = "the certificate of " + certificate.getSubjectX500Principal();
            Instant end = certificate.getNotAfter().toInstant();
            Instant begin = certificate.getNotBefore().toInstant();
            if (now.isAfter(end)) {
                return Optional.of(subject + " expired at " + end + ": renew it");
            }
            if (now.isBefore(begin)) {
                return Optional.of(
                        subject + " is valid from " + begin + " only: wait, or set the clock of this machine");
            }
            return fits()
                    ? Optional.empty()
                    : Optional.of(subject + " does not belong to the private key beside it: "
                            + "take the key that it was made for");
        }

        private boolean fits() {
            PublicKey open = certificate.getPublicKey();
            String algorithm = SIGNATURES.get(open.getAlgorithm());
            if (!key.getAlgorithm().equals(open.getAlgorithm())) {
                return false;
            }
            if (algorithm == null) {
                return true;
            }
            byte[] text = {1, 2, 3};
            try {
                Signature signing = Signature.getInstance(algorithm);
                signing.initSign(key);
                signing.update(text);
                byte[] signature = signing.sign();
                Signature verifying = Signature.getInstance(algorithm);
                verifying.initVerify(open);
                verifying.update(text);
                return verifying.verify(signature);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return "Entry[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    private static List<String> aliases(X509KeyManager manager) {
        List<String> all = new ArrayList<>();
        for (String type : KEY_TYPES) {
            String[] aliases = manager.getServerAliases(type, null);
            if (aliases != null) {
                all.addAll(List.of(aliases));
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return "TlsIdentity[protocols=" + protocols + " expiresAt="
                + expiresAt().map(Instant::toString).orElse("never") + "]";
    }
}
