package io.memberlist.spring.boot.autoconfigure;

import static io.memberlist.spring.boot.autoconfigure.SslBundleProperties.and;
import static io.memberlist.spring.boot.autoconfigure.SslBundleProperties.pem;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import io.memberlist.testing.PemFiles;
import io.memberlist.testing.TestCertificates;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** What an application is told whose transport or certificates cannot work. */
@ExtendWith(OutputCaptureExtension.class)
class TransportFailureTest {
    private static final String PASSWORD = "word-that-nobody-may-read";

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MemberlistAutoConfiguration.class))
            .withPropertyValues(
                    "memberlist.network.bind-address=127.0.0.1",
                    "memberlist.network.bind-port=0",
                    "memberlist.node-name=a");
    private final ApplicationContextRunner runner =
            bare.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class));
    private final TestCertificates certificates = TestCertificates.shared();

    @TempDir
    private Path directory;

    @Test
    void tlsNeedsABundle() {
        assertRefused(
                runner.withPropertyValues("memberlist.transport.type=tls"),
                "The property memberlist.ssl.bundle cannot be used: it is not set, and memberlist.transport.type is tls.",
                "Name one of the bundles below spring.ssl.bundle");
    }

    @Test
    void aBundleThatDoesNotExistIsToldWithThoseThatDo() {
        assertRefused(
                runner.withPropertyValues(pem("orders", files()))
                        .withPropertyValues("memberlist.transport.type=tls", "memberlist.ssl.bundle=order"),
                "memberlist.ssl.bundle cannot be used: there is no SSL bundle 'order'.",
                "or name one of [orders]");
        assertRefused(
                runner.withPropertyValues(pem("orders", files()))
                        .withPropertyValues(
                                "memberlist.transport.type=tls",
                                "memberlist.ssl.bundle=orders",
                                "memberlist.ssl.client-bundle=client"),
                "memberlist.ssl.client-bundle cannot be used: there is no SSL bundle 'client'.",
                "or name one of [orders]");
    }

    @Test
    void anApplicationWithoutBundlesIsToldSo() {
        assertRefused(
                bare.withPropertyValues("memberlist.transport.type=tls", "memberlist.ssl.bundle=cluster"),
                "it is 'cluster', and this application has no SSL bundles",
                "Let Spring Boot's SslAutoConfiguration run");
    }

    @Test
    void aKeyMustBelongToItsCertificate() {
        PemFiles other = certificates.member().writeTo(directory.resolve("other"));
        assertRefused(
                tls(pem("cluster", files().certificate(), other.key(), files().authority())),
                "in the SSL bundle 'cluster' the certificate of CN=" + TestCertificates.DNS_NAME
                        + " does not belong to the private key beside it",
                "Take the key that it was made for");
    }

    @Test
    void aCertificateMustNotHaveExpired() {
        assertRefused(
                tls(pem("cluster", certificates.expiredMember().writeTo(directory))),
                "in the SSL bundle 'cluster' the certificate of CN=" + TestCertificates.DNS_NAME + " expired at ",
                "Renew it");
    }

    @Test
    void aBundleMustSayWhomToTrust() {
        PemFiles files = files();
        assertRefused(
                tls(
                        "spring.ssl.bundle.pem.cluster.keystore.certificate=file:" + files.certificate(),
                        "spring.ssl.bundle.pem.cluster.keystore.private-key=file:" + files.key()),
                "the SSL bundle 'cluster' says nobody whom to trust",
                "Add the certificate of the authority that signs those of the members, as its truststore");
    }

    @Test
    void aBundleMustHaveAKey() {
        assertRefused(
                tls("spring.ssl.bundle.pem.cluster.truststore.certificate=file:" + files().authority()),
                "in the SSL bundle 'cluster' there is no private key with a certificate",
                "Add both");
    }

    @Test
    void aBundleThatCannotBeReadIsNamedWithoutItsPassword(CapturedOutput output) throws Exception {
        String[] stores = SslBundleProperties.stores(
                "cluster", certificates.member(), certificates.certificate(), "PKCS12", PASSWORD, directory);
        FailureAnalysis analysis = assertRefused(
                tls(and(stores, "spring.ssl.bundle.jks.cluster.keystore.password=" + PASSWORD + "-not")),
                "the SSL bundle 'cluster' cannot be read: ",
                "Correct its files, its passwords or its aliases");
        assertThat(analysis.getDescription()).doesNotContain(PASSWORD);
        assertThat(output).doesNotContain(PASSWORD);
    }

    @Test
    void aFileThatIsNoKeyIsNotShown() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.pem"), PASSWORD);
        FailureAnalysis analysis = assertRefused(
                tls(pem("cluster", files().certificate(), broken, files().authority())),
                "the SSL bundle 'cluster' cannot be read: ",
                "Correct its files, its passwords or its aliases");
        assertThat(analysis.getDescription()).doesNotContain(PASSWORD);
    }

    @Test
    void aFileThatDoesNotExistIsNamed() {
        Path missing = directory.resolve("no-such-key.pem");
        assertRefused(
                tls(pem("cluster", files().certificate(), missing, files().authority())),
                "the SSL bundle 'cluster' cannot be read: ",
                missing.toString(),
                "Correct its files, its passwords or its aliases");
    }

    /** A key where the name of its file belongs is not repeated. */
    @Test
    void aKeyThatIsTakenForAFileIsNotShown(CapturedOutput output) {
        FailureAnalysis analysis = assertRefused(
                tls(
                        "spring.ssl.bundle.pem.cluster.keystore.certificate=file:" + files().certificate(),
                        "spring.ssl.bundle.pem.cluster.keystore.private-key=" + PASSWORD,
                        "spring.ssl.bundle.pem.cluster.truststore.certificate=file:" + files().authority()),
                "the SSL bundle 'cluster' cannot be read: ",
                "Correct its files, its passwords or its aliases");
        assertThat(analysis.getDescription()).doesNotContain(PASSWORD);
        assertThat(output).doesNotContain(PASSWORD);
    }

    @Test
    void aNameOfThePeersIsCheckedOnlyWhereNamesAre() {
        assertRefused(
                tls(and(pem("cluster", files()), "memberlist.ssl.peer-name=members.example")),
                "The property memberlist.ssl.peer-name cannot be used: it is set, and memberlist.ssl.verify is address",
                "Set memberlist.ssl.verify to name, or remove it");
    }

    @ParameterizedTest
    @CsvSource({
        "max-packet-size, 1000B, maxPacketSize is 1000",
        "max-packet-size, 65MB, maxPacketSize is 68157440",
        "max-packet-size, -4GB, maxPacketSize is -1",
        "max-connections, 15, maxConnections is 15",
        "max-queue-size, 1KB, maxQueueSize is 1024"
    })
    void limitsHaveBounds(String name, String value, String problem) {
        assertRefused(
                runner.withPropertyValues(
                        "memberlist.transport.type=tcp", "memberlist.transport." + name + "=" + value),
                "memberlist.transport." + name,
                problem,
                "and must be between ",
                "Choose a value between them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-packet-size=1MB", "max-connections=100", "max-queue-size=1MB"})
    void limitsNeedATransportThatHasThem(String limit) {
        assertRefused(
                runner.withPropertyValues("memberlist.transport." + limit),
                "it is set, and has no effect on packets over UDP",
                "Set memberlist.transport.type to tls or tcp, or remove it");
    }

    @Test
    void udpHasNoTls() {
        assertRefused(
                runner.withPropertyValues(pem("cluster", files())).withPropertyValues("memberlist.ssl.bundle=cluster"),
                "memberlist.ssl.bundle",
                "it is set, and packets over UDP have no TLS",
                "Set memberlist.transport.type to tls, or remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-bundle=cluster", "peer-name=a", "verify=none", "client-auth=false"})
    void whoAsksForTlsMustNameABundle(String property) {
        assertRefused(
                runner.withPropertyValues("memberlist.transport.type=tcp", "memberlist.ssl." + property),
                "it is set, and memberlist.ssl.bundle is not, so that there is no TLS",
                "Set memberlist.ssl.bundle as well, or remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"memberlist.transport.type=tcp", "memberlist.ssl.bundle=cluster"})
    void theApplicationsOwnTransportTakesNoProperties(String property) {
        assertRefused(
                runner.withBean(TransportFactory.class, NettyTransportFactory::shared)
                        .withPropertyValues(property),
                "a bean of the type TransportFactory takes its place",
                "Remove one of the two");
        assertRefused(
                runner.withBean(
                                MemberlistConfig.class,
                                () -> MemberlistConfig.local().nodeName("a").build())
                        .withPropertyValues(property),
                "a bean of the type MemberlistConfig takes its place",
                "Remove one of the two");
    }

    @Test
    void theApplicationsOwnMemberMustHaveTheTlsThatAPropertyAsksFor() {
        Memberlist own = TestMembers.engine(TestMembers.member("own", MemberState.ALIVE, ""));
        assertRefused(
                runner.withBean(Memberlist.class, () -> own).withPropertyValues("memberlist.ssl.bundle=cluster"),
                "the member has no TLS, since a bean of the application took the place of this property",
                "Give TLS to the member in Java, or take the property away");
    }

    private PemFiles files() {
        return certificates.member().writeTo(directory);
    }

    private ApplicationContextRunner tls(String... bundle) {
        return runner.withPropertyValues(bundle)
                .withPropertyValues("memberlist.transport.type=tls", "memberlist.ssl.bundle=cluster");
    }

    /** The last text is the remedy, the others describe the problem. */
    private static FailureAnalysis assertRefused(ApplicationContextRunner application, String... texts) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        application.run(context -> failure.set(context.getStartupFailure()));
        assertThat(failure.get()).as("the failure of the start").isNotNull();
        FailureAnalysis analysis =
                new InvalidMemberlistPropertyFailureAnalyzer(new MockEnvironment()).analyze(failure.get());
        assertThat(analysis).as("the analysis of %s", failure.get()).isNotNull();
        for (int i = 0; i < texts.length - 1; i++) {
            assertThat(analysis.getDescription()).contains(texts[i]);
        }
        assertThat(analysis.getAction()).contains(texts[texts.length - 1]);
        return analysis;
    }
}
