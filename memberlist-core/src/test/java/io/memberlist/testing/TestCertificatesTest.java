package io.memberlist.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private final TestCertificates certificates = TestCertificates.create();

    @Test
    void aMemberIsAServerAndAClientOnLoopback() throws GeneralSecurityException {
        X509Certificate certificate = certificates.member().certificate();

        verify(certificate, certificates.trustStore());
        assertThat(certificate.getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER, CLIENT);
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(TestCertificates.DNS_NAME, "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void anotherAuthorityDoesNotTrustIt() {
        KeyStore other = TestCertificates.create().trustStore();

        assertThatThrownBy(() -> verify(certificates.member().certificate(), other))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void anExpiredMemberIsNotTrusted() {
        X509Certificate certificate = certificates.expiredMember().certificate();

        assertThatThrownBy(() -> verify(certificate, certificates.trustStore()))
                .isInstanceOf(CertPathValidatorException.class)
                .hasCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void theKeyStoreHasTheKeyOfTheCertificate() throws GeneralSecurityException {
        TestCertificates.Identity member = certificates.member();
        KeyStore store = member.keyStore(PASSWORD);

        List<String> aliases = Collections.list(store.aliases());
        assertThat(aliases).singleElement().satisfies(alias -> {
            assertThat(store.getCertificate(alias)).isEqualTo(member.certificate());
            assertThat(belongs((PrivateKey) store.getKey(alias, PASSWORD), member.certificate()))
                    .isTrue();
        });
    }

    @Test
    void theFilesHaveTheSame(@TempDir Path directory) throws GeneralSecurityException, IOException {
        TestCertificates.Identity member = certificates.member();
        PemFiles files = member.writeTo(directory.resolve("new"));

        assertThat(read(files.certificate())).isEqualTo(member.certificate());
        assertThat(read(files.authority())).isEqualTo(certificates.trustStore().getCertificate("authority"));
        assertThat(files.authority()).hasContent(certificates.pem());
        String key = Files.readString(files.key()).replaceAll("-----[^-]+-----|\\s", "");
        PrivateKey read = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key)));
        assertThat(belongs(read, member.certificate())).isTrue();
    }

    private static X509Certificate read(Path pem) throws GeneralSecurityException, IOException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
    }

    private static void verify(X509Certificate certificate, KeyStore trusted) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(trusted);
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(text);
        return signature.verify(signed);
    }
}
