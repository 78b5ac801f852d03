package io.memberlist.spring.boot.autoconfigure;

import static io.memberlist.spring.boot.autoconfigure.SslBundleProperties.and;
import static io.memberlist.spring.boot.autoconfigure.SslBundleProperties.pem;
import static io.memberlist.spring.boot.autoconfigure.SslBundleProperties.stores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.MemberlistMetrics;
import io.memberlist.spring.boot.actuate.MembersEndpoint;
import io.memberlist.spring.boot.health.MemberlistHealthIndicator;
import io.memberlist.spring.event.MemberFailedEvent;
import io.memberlist.spring.event.UserMessageEvent;
import io.memberlist.testing.PemFiles;
import io.memberlist.testing.TestCertificates;
import io.memberlist.transport.TransportSecurity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** Applications that find each other over TCP and TLS, with the SSL bundles of Spring Boot. */
@ExtendWith(OutputCaptureExtension.class)
class TransportClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] TLS = {"memberlist.transport.type=tls", "memberlist.ssl.bundle=cluster"};
    private static final String PASSWORD = "word-that-nobody-may-read";

    private final TestCertificates certificates = TestCertificates.shared();
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeAll() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void overTlsWithFilesInPem() {
        String[] bundle = and(TLS, pem("cluster", certificates.member().writeTo(directory)));

        assertThatTheyMeet("tls", start("a", bundle), bundle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void overTlsWithKeyStores(String type, CapturedOutput output) throws Exception {
        String[] bundle = and(
                TLS, stores("cluster", certificates.member(), certificates.certificate(), type, PASSWORD, directory));

        ConfigurableApplicationContext a = start("a", bundle);
        assertThatTheyMeet("tls", a, bundle);

        assertThat(output).doesNotContain(PASSWORD);
        assertThat(everythingThatIsShown(a)).noneMatch(text -> text.contains(PASSWORD));
    }

    @Test
    void overTcp() {
        assertThatTheyMeet("tcp", start("a", "memberlist.transport.type=tcp"), "memberlist.transport.type=tcp");
    }

    @Test
    void overTcpWithTls() {
        String[] bundle = and(
                pem("cluster", certificates.member().writeTo(directory)),
                "memberlist.transport.type=tcp",
                "memberlist.ssl.bundle=cluster",
                "memberlist.profile=dskit");

        assertThatTheyMeet("tcp", start("a", bundle), bundle);
    }

    @Test
    void byTheNameThatAllCertificatesHave() {
        String[] bundle = and(
                and(
                        TLS,
                        pem(
                                "cluster",
                                certificates
                                        .member(it -> it.addSanDnsName("members.test"))
                                        .writeTo(directory))),
                "memberlist.ssl.verify=name",
                "memberlist.ssl.peer-name=members.test");

        assertThatTheyMeet("tls", start("a", bundle), bundle);
    }

    /** Servers and clients have certificates of different authorities, and trust those of the others. */
    @Test
    void whoCallsMayHaveABundleOfItsOwn() {
        TestCertificates ofClients = TestCertificates.create();
        PemFiles server = certificates.member().writeTo(directory.resolve("server"));
        PemFiles client = ofClients.member().writeTo(directory.resolve("client"));
        String[] bundles = and(
                and(TLS, "memberlist.ssl.client-bundle=calls"),
                and(
                        pem("cluster", server.certificate(), server.key(), client.authority()),
                        pem("calls", client.certificate(), client.key(), server.authority())));

        assertThatTheyMeet("tls", start("a", bundles), bundles);
    }

    @Test
    void whoseCertificateIsOfAnotherAuthorityStaysOutside(CapturedOutput output) {
        ConfigurableApplicationContext a =
                start("a", and(TLS, pem("cluster", certificates.member().writeTo(directory.resolve("a")))));
        ConfigurableApplicationContext b = start(
                "b",
                and(
                        and(
                                TLS,
                                pem(
                                        "cluster",
                                        TestCertificates.create().member().writeTo(directory.resolve("b")))),
                        "memberlist.join=" + address(a)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(output).contains("the certificate of the other side is not trusted"));
        assertThat(member(a).numMembers()).isEqualTo(1);
        assertThat(member(b).numMembers()).isEqualTo(1);
    }

    @Test
    void aBundleThatWasReloadedIsUsedForNewConnections() {
        String[] watched = watched(certificates.member().writeTo(directory.resolve("ab")));
        ConfigurableApplicationContext a = start("a", watched);
        ConfigurableApplicationContext b = start("b", and(watched, "memberlist.join=" + address(a)));
        awaitMembers(2, a, b);

        TestCertificates others = TestCertificates.create();
        Instant end = Instant.now().plus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
        others.member(it -> it.addSanIpAddress("127.0.0.1").notAfter(end)).writeTo(directory.resolve("ab"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(expiry(a)).isEqualTo(end);
            assertThat(expiry(b)).isEqualTo(end);
        });

        ConfigurableApplicationContext c = start(
                "c",
                and(
                        and(TLS, pem("cluster", others.member().writeTo(directory.resolve("c")))),
                        "memberlist.join=" + address(a)));
        awaitMembers(3, a, b, c);
        send(a, "b", "with another certificate");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(b).messages).containsExactly("with another certificate"));
        assertThat(events(a).failed).isEmpty();
        assertThat(events(b).failed).isEmpty();
    }

    @Test
    void aBundleThatWasReloadedAndIsBrokenIsNotUsed(CapturedOutput output) throws Exception {
        PemFiles files = certificates.member().writeTo(directory.resolve("ab"));
        String[] watched = watched(files);
        ConfigurableApplicationContext a = start("a", watched);
        ConfigurableApplicationContext b = start("b", and(watched, "memberlist.join=" + address(a)));
        awaitMembers(2, a, b);
        Instant before = expiry(a);

        Files.writeString(files.key(), certificates.member().keyPem());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(output)
                        .contains("The SSL bundle 'cluster' was reloaded and is not used")
                        .contains("does not belong to the private key beside it"));
        Files.writeString(files.key(), PASSWORD);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output).contains("cannot be read: "));

        assertThat(expiry(a)).isEqualTo(before);
        send(a, "b", "as before");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(b).messages).containsExactly("as before"));
        assertThat(member(a).member("b").orElseThrow().state()).isEqualTo(MemberState.ALIVE);
        assertThat(output).doesNotContain(PASSWORD);

        Instant end = Instant.now().plus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
        certificates.member(it -> it.addSanIpAddress("127.0.0.1").notAfter(end)).writeTo(directory.resolve("ab"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(expiry(a)).isEqualTo(end));
    }

    @Test
    void isShownWithoutItsKeys(CapturedOutput output) {
        TestCertificates.Identity identity = certificates.member();
        ConfigurableApplicationContext a = start("a", and(TLS, pem("cluster", identity.writeTo(directory))));

        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MemberlistMetrics(member(a)).bindTo(registry);
        assertThat(registry.get("memberlist.tls.certificate.remaining")
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isBetween(3600.0, 86_400.0);
        Instant end = identity.certificate().getNotAfter().toInstant();
        assertThat(new MembersEndpoint(member(a), PATIENCE).members().transport())
                .satisfies(transport -> {
                    assertThat(transport.type()).isEqualTo("tls");
                    assertThat(transport.certificateExpiresAt()).isEqualTo(end);
                });
        Map<String, Object> health =
                new MemberlistHealthIndicator(member(a), false).health().getDetails();
        assertThat(health)
                .containsEntry("transport", "tls")
                .containsEntry("certificateExpiresAt", end)
                .containsKey("certificateProblem");
        List<String> key =
                identity.keyPem().lines().filter(line -> !line.startsWith("-")).toList();
        assertThat(key).isNotEmpty().allSatisfy(line -> {
            assertThat(output).doesNotContain(line);
            assertThat(everythingThatIsShown(a)).noneMatch(text -> text.contains(line));
        });
    }

    private void assertThatTheyMeet(String transport, ConfigurableApplicationContext a, String... properties) {
        ConfigurableApplicationContext b = start("b", and(properties, "memberlist.join=" + address(a)));
        awaitMembers(2, a, b);
        send(b, "a", "over " + transport);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(a).messages).containsExactly("over " + transport));
        assertThat(member(a).transport()).isEqualTo(transport);
        assertThat(member(a).transportSecurity().map(TransportSecurity::protocol))
                .isEqualTo(
                        List.of(properties).contains("memberlist.ssl.bundle=cluster")
                                ? Optional.of("TLSv1.3")
                                : Optional.empty());
    }

    private String[] watched(PemFiles files) {
        return and(
                and(TLS, pem("cluster", files)),
                "spring.ssl.bundle.pem.cluster.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=200ms");
    }

    private static List<String> everythingThatIsShown(ConfigurableApplicationContext context) {
        Memberlist member = member(context);
        return List.of(
                member.toString(),
                member.config().toString(),
                String.valueOf(member.config().transportFactory()),
                context.getBean(MemberlistProperties.class).toString(),
                new MemberlistHealthIndicator(member, false)
                        .health()
                        .getDetails()
                        .toString(),
                JsonMapper.builder().build().writeValueAsString(new MembersEndpoint(member, PATIENCE).members()));
    }

    private ConfigurableApplicationContext start(String name, String... properties) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "memberlist.profile=local",
                        "memberlist.network.bind-address=127.0.0.1",
                        "memberlist.network.bind-port=0",
                        "memberlist.join-retry.initial-delay=100ms",
                        "memberlist.join-retry.max-delay=500ms",
                        "memberlist.node-name=" + name)
                .run(Stream.of(properties).map(it -> "--" + it).toArray(String[]::new));
        contexts.add(context);
        return context;
    }

    private static void awaitMembers(int count, ConfigurableApplicationContext... applications) {
        for (ConfigurableApplicationContext application : applications) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(member(application).numMembers()).isEqualTo(count));
        }
    }

    private static void send(ConfigurableApplicationContext from, String to, String text) {
        Member receiver = member(from).member(to).orElseThrow();
        member(from)
                .sendReliable(receiver, text.getBytes(StandardCharsets.UTF_8))
                .join();
    }

    private static Instant expiry(ConfigurableApplicationContext context) {
        return member(context).certificateExpiresAt().orElseThrow();
    }

    private static String address(ConfigurableApplicationContext context) {
        return "127.0.0.1:" + member(context).localMember().address().getPort();
    }

    private static Memberlist member(ConfigurableApplicationContext context) {
        return context.getBean(Memberlist.class);
    }

    private static Events events(ConfigurableApplicationContext context) {
        return context.getBean(Events.class);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({SslAutoConfiguration.class, MemberlistAutoConfiguration.class})
    @Import(Events.class)
    static class Application {}

    static class Events {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final List<String> failed = new CopyOnWriteArrayList<>();

        @EventListener
        void received(UserMessageEvent event) {
            messages.add(new String(event.payload(), StandardCharsets.UTF_8));
        }

        @EventListener
        void failed(MemberFailedEvent event) {
            failed.add(event.member().name());
        }
    }
}
