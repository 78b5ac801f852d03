package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.PemFiles;
import io.memberlist.testing.TestCertificates;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.TcpTransportFactory;
import io.memberlist.transport.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Java members in clusters of Alertmanager and of dskit, over the transports of these programs. */
@ParameterizedClass
@EnumSource
@Execution(ExecutionMode.CONCURRENT)
class JavaGoTransportIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration FAILURE = Duration.ofSeconds(90);
    /** By hand all run, and longer, with {@code -Dmemberlist.interop.seconds=120}. */
    private static final Long BY_HAND = Long.getLong("memberlist.interop.seconds");

    private static final Duration TOGETHER = Duration.ofSeconds(BY_HAND == null ? 10 : BY_HAND);

    private static final Duration STREAM = Duration.ofSeconds(30);
    private static final int LARGE = 5 * 1024 * 1024;
    private static final TestCertificates CERTIFICATES = TestCertificates.shared();

    private final Program program;

    @TempDir
    private Path directory;

    JavaGoTransportIT(Program program) {
        this.program = program;
    }

    enum Program {
        ALERTMANAGER_TLS,
        DSKIT,
        DSKIT_SNAPPY,
        DSKIT_TLS;

        /** Tests of several run at the same time, and each member must have its own lines of the log. */
        String unique(String name) {
            return name().toLowerCase(Locale.ROOT) + "-" + name;
        }

        TransportFactory transport(TestCertificates.Identity identity) {
            return switch (this) {
                case ALERTMANAGER_TLS ->
                    TcpTransportFactory.tls(TlsSettings.of(identity.tls())).build();
                case DSKIT, DSKIT_SNAPPY -> TcpTransportFactory.tcp().build();
                case DSKIT_TLS ->
                    TcpTransportFactory.tcp(TlsSettings.of(identity.tls())).build();
            };
        }

        String key() {
            return this == ALERTMANAGER_TLS ? "sil" : "ring";
        }

        MemberlistConfigBuilder preset() {
            return this == ALERTMANAGER_TLS ? MemberlistConfig.lan() : MemberlistConfig.dskit();
        }
    }

    private GoNodeBuilder go(String name) {
        PemFiles files = CERTIFICATES.member().writeTo(directory.resolve(name));
        return switch (program) {
            case ALERTMANAGER_TLS -> GoNode.alertmanager(name).tls(files);
            case DSKIT -> GoNode.dskit(name).streamTimeout(STREAM);
            case DSKIT_SNAPPY -> GoNode.dskit(name).streamTimeout(STREAM).compressionAlgorithm("snappy");
            case DSKIT_TLS -> GoNode.dskit(name).streamTimeout(STREAM).tls(files);
        };
    }

    private JavaNode java(String name) {
        return java(name, CERTIFICATES, 0);
    }

    private JavaNode java(String name, TestCertificates certificates, int port) {
        Mirror mirror = new Mirror();
        return JavaNode.start(
                program.unique(name),
                program.preset(),
                config -> config.transportFactory(program.transport(certificates.member()))
                        .compression(compression -> compression.algorithm(
                                program == Program.DSKIT_SNAPPY
                                        ? CompressionAlgorithm.SNAPPY
                                        : CompressionAlgorithm.LZW))
                        .network(network -> network.bindPort(port).tcpTimeout(Duration.ofSeconds(10)))
                        .delegates(delegates -> delegates.state(mirror)));
    }

    /** Gives to everybody the state that it was given last: only the programs know how it is written. */
    private static final class Mirror implements StateDelegate {
        private volatile byte[] latest = {};

        @Override
        public byte[] localState(boolean join) {
            return latest;
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {
            latest = state.clone();
        }
    }

    private static void awaitAll(Node... nodes) {
        Set<String> names = Arrays.stream(nodes).map(Node::name).collect(Collectors.toSet());
        for (Node node : nodes) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(node.live())
                            .extracting(MemberView::name)
                            .containsExactlyInAnyOrderElementsOf(names));
        }
    }

    /** A large state goes from a Go node to a Java member when that joins, and from there to another Go node. */
    @Test
    void bothJoinBothAndALargeStateCrosses() throws InterruptedException {
        try (GoNode first = go("first").start();
                JavaNode java = java("large")) {
            String large = first.command("state " + program.key() + " " + LARGE)
                    .get("sha256")
                    .asString();
            java.join(first);
            awaitAll(first, java);
            try (GoNode second = go("second").start()) {
                second.join(java);
                awaitAll(first, java, second);
                second.awaitEvent(value(program.key(), large), SOON);

                Thread.sleep(TOGETHER.toMillis());
                assertThat(Stream.of(first, java, second).flatMap(node -> node.complaints().stream()))
                        .isEmpty();
                assertThat(Stream.of(first, second)
                                .flatMap(node -> node.events().stream())
                                .filter(event("left")))
                        .isEmpty();

                second.leave();
                assertThat(java.awaitGone("second", SOON)).isEqualTo("left");
                java.leave();
                assertThat(first.awaitGone(java.name(), SOON)).isEqualTo("left");
            }
        }
    }

    @Test
    void whoIsKilledIsFoundOnBothSidesAndComesBack() {
        // dskit takes more than a minute for it, whatever its packets look like.
        assumeTrue(BY_HAND != null || program == Program.ALERTMANAGER_TLS || program == Program.DSKIT);
        try (GoNode go = go("go").start();
                JavaNode java = java("killed")) {
            java.join(go);
            awaitAll(go, java);
            GoNode second = go("second").seeds(java.seed()).start();
            JavaNode third = java("third");
            third.join(go);
            awaitAll(go, java, second, third);

            second.kill();
            third.kill();
            assertThat(java.awaitGone("second", FAILURE)).isEqualTo("dead");
            assertThat(go.awaitGone(third.name(), FAILURE)).isEqualTo("dead");

            try (GoNode again = go("second")
                            .port(second.address().getPort())
                            .seeds(java.seed())
                            .start();
                    JavaNode anew = java("third", CERTIFICATES, third.port())) {
                anew.join(go);
                awaitAll(go, java, again, anew);
            }
        }
    }

    @Test
    void whoHasAnotherAuthorityStaysOutsideAndHurtsNobody() {
        assumeTrue(program == Program.ALERTMANAGER_TLS || program == Program.DSKIT_TLS);
        TestCertificates others = TestCertificates.create();
        try (GoNode go = go("go").start();
                JavaNode java = java("authority");
                MemberLines log = MemberLines.of(program.unique("stranger"));
                JavaNode stranger = java("stranger", others, 0)) {
            java.join(go);
            awaitAll(go, java);

            for (Node inside : new Node[] {go, java}) {
                assertThatThrownBy(() -> stranger.join(inside))
                        .hasMessageContaining("the certificate of the other side is not trusted");
            }
            assertThatThrownBy(() -> java.join(stranger)).isNotNull();
            assertThat(java.memberlist().statistics().drops().get("not_trusted"))
                    .isPositive();
            awaitAll(go, java);
            assertThat(log.complaints()).allMatch(line -> line.contains("TLS") || line.contains("certif"));
        }
    }
}
