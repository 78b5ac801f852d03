package io.memberlist.testing;

import io.memberlist.transport.tls.TlsIdentity;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A certificate authority for one test, and the members whose certificates it has signed. Two of them do not trust each
 * other's members. It exists in memory only, and needs {@code io.netty:netty-pkitesting} on the class path.
 *
 * <pre>{@code
 * TestCertificates certificates = TestCertificates.create();
 * PemFiles files = certificates.member().writeTo(directory);
 * }</pre>
 */
public final class TestCertificates {
    /** A name that the certificates of all members have, besides {@code localhost}, 127.0.0.1 and ::1. */
    public static final String DNS_NAME = "member.memberlist.test";

    private static final Duration AGE = Duration.ofDays(30);
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final X509Bundle authority;

    private TestCertificates(X509Bundle authority) {
        this.authority = authority;
    }

    private static final class Shared {
        static final TestCertificates INSTANCE = create();
    }

    /** {@return the authority of all tests that need no other} */
    public static TestCertificates shared() {
        return Shared.INSTANCE;
    }

    /** Returns a new authority. */
    public static TestCertificates create() {
        Instant now = Instant.now();
        CertificateBuilder builder = new CertificateBuilder()
                .ecp256()
                .subject("CN=Authority of a test")
                .setIsCertificateAuthority(true)
                .notBefore(now.minus(AGE))
                .notAfter(now.plus(AGE));
        try {
            return new TestCertificates(builder.buildSelfSigned());
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a certificate authority", e);
        }
    }

    /** Returns a new key with a certificate for servers and clients that is valid for a day. */
    public Identity member() {
        Instant now = Instant.now();
        return issue(now.minus(VALIDITY), now.plus(VALIDITY));
    }

    /** Returns the like of {@link #member()} with a certificate that was valid until yesterday. */
    public Identity expiredMember() {
        Instant end = Instant.now().minus(VALIDITY);
        return issue(end.minus(VALIDITY), end);
    }

    /**
     * Returns a new key with a certificate that is valid for a day, unless it is described otherwise.
     *
     * @param description adds names and addresses, of which there are none
     */
    public Identity member(UnaryOperator<CertificateBuilder> description) {
        Instant now = Instant.now();
        CertificateBuilder builder = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + DNS_NAME)
                .addExtendedKeyUsageServerAuth()
                .addExtendedKeyUsageClientAuth()
                .notBefore(now.minus(VALIDITY))
                .notAfter(now.plus(VALIDITY));
        try {
            return new Identity(description.apply(builder).buildIssuedBy(authority));
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private Identity issue(Instant notBefore, Instant notAfter) {
        return member(builder -> builder.addSanDnsName(DNS_NAME)
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .addSanIpAddress("::1")
                .notBefore(notBefore)
                .notAfter(notAfter));
    }

    /** Returns a new key store that holds the certificate of the authority and nothing else. */
    public KeyStore trustStore() {
        try {
            KeyStore store = emptyStore();
            store.setCertificateEntry("authority", authority.getCertificate());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a trust store", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    /** {@return the certificate of the authority} */
    public X509Certificate certificate() {
        return authority.getCertificate();
    }

    /** {@return the certificate of the authority, as PEM} */
    public String pem() {
        return authority.getCertificatePEM();
    }

    /** The private key of a member, and its certificate. */
    public static final class Identity {
        private final X509Bundle bundle;

        private Identity(X509Bundle bundle) {
            this.bundle = bundle;
        }

        /** {@return the certificate} */
        public X509Certificate certificate() {
            return bundle.getCertificate();
        }

        /** {@return the certificate, as PEM} */
        public String certificatePem() {
            return bundle.getCertificatePEM();
        }

        /** {@return the private key, as PEM in PKCS #8 without a password} */
        public String keyPem() {
            return bundle.getPrivateKeyPEM();
        }

        /** {@return the same for TLS, which trusts the authority that has signed it} */
        public TlsIdentity tls() {
            return tls(bundle.getRootCertificate());
        }

        /** {@return the same for TLS, which trusts another authority} */
        public TlsIdentity tls(X509Certificate trusted) {
            char[] password = "secret".toCharArray();
            try {
                KeyStore trust = emptyStore();
                trust.setCertificateEntry("authority", trusted);
                return TlsIdentity.of(keyStore(password), password, trust);
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("cannot make an identity", e);
            }
        }

        /** Returns a new key store that holds the key and its certificate under that password, and nothing else. */
        public KeyStore keyStore(char[] password) {
            try {
                KeyStore store = emptyStore();
                store.setKeyEntry(
                        "member", bundle.getKeyPair().getPrivate(), password, new X509Certificate[] {certificate()});
                return store;
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("cannot make a key store", e);
            }
        }

        /**
         * Writes the key, the certificate, and that of the authority. Files of another identity in the same directory are
         * replaced.
         *
         * @param directory a directory, which is made if it does not exist
         */
        public PemFiles writeTo(Path directory) {
            PemFiles files = new PemFiles(
                    directory.resolve("certificate.pem"),
                    directory.resolve("key.pem"),
                    directory.resolve("authority.pem"));
            try {
                Files.createDirectories(directory);
                Files.writeString(files.certificate(), certificatePem());
                Files.writeString(files.key(), keyPem());
                Files.writeString(files.authority(), bundle.getRootCertificatePEM());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }
    }
}
