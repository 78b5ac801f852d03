package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.testing.PemFiles;
import io.memberlist.testing.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The properties of SSL bundles, and the files that they name. */
final class SslBundleProperties {
    private SslBundleProperties() {}

    /** {@return the bundle with what is in these files} */
    static String[] pem(String bundle, PemFiles files) {
        return pem(bundle, files.certificate(), files.key(), files.authority());
    }

    static String[] pem(String bundle, Path certificate, Path key, Path authority) {
        String prefix = "spring.ssl.bundle.pem." + bundle;
        return new String[] {
            prefix + ".keystore.certificate=file:" + certificate,
            prefix + ".keystore.private-key=file:" + key,
            prefix + ".truststore.certificate=file:" + authority
        };
    }

    /** {@return the bundle in two key stores of that type, which are written into a directory} */
    static String[] stores(
            String bundle,
            TestCertificates.Identity identity,
            X509Certificate authority,
            String type,
            String password,
            Path directory)
            throws GeneralSecurityException, IOException {
        char[] secret = password.toCharArray();
        KeyStore source = identity.keyStore(secret);
        KeyStore keys = empty(type);
        keys.setKeyEntry("member", source.getKey("member", secret), secret, source.getCertificateChain("member"));
        KeyStore trust = empty(type);
        trust.setCertificateEntry("authority", authority);
        String prefix = "spring.ssl.bundle.jks." + bundle;
        return new String[] {
            prefix + ".keystore.location=file:" + write(keys, secret, directory.resolve(bundle + "-keys")),
            prefix + ".keystore.password=" + password,
            prefix + ".keystore.type=" + type,
            prefix + ".truststore.location=file:" + write(trust, secret, directory.resolve(bundle + "-trust")),
            prefix + ".truststore.password=" + password,
            prefix + ".truststore.type=" + type
        };
    }

    static String[] and(String[] some, String... others) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private static KeyStore empty(String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }

    private static Path write(KeyStore store, char[] password, Path file) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }
}
