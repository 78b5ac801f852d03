package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.memberlist.member.MemberVersions;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two Java and two Go nodes do everything that members do, with every combination of wire options. */
class JavaGoMatrixIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** So that push/pulls come with joins only, and gossip has to carry all the rest. */
    private static final Duration NEVER = Duration.ofHours(1);

    static Stream<WireOptions> wireOptions() {
        return Stream.of(
                WireOptions.plain("plain"),
                WireOptions.plain("compressed, protocol 2").compressed(),
                WireOptions.plain("encrypted, 16").encrypted(16),
                WireOptions.plain("encrypted, 24").compressed().encrypted(24),
                WireOptions.plain("encrypted, 32").compressed().encrypted(32),
                WireOptions.plain("labelled").labelled("blue"),
                WireOptions.plain("labelled, encrypted")
                        .labelled("blue")
                        .compressed()
                        .encrypted(32),
                WireOptions.plain("IPv6").compressed().overIpv6(),
                WireOptions.plain("protocol 1").compressed().withProtocol(1),
                WireOptions.plain("protocol 1, encrypted")
                        .compressed()
                        .encrypted(32)
                        .withProtocol(1),
                WireOptions.plain("protocol 5").compressed().withProtocol(5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wireOptions")
    @Execution(CONCURRENT)
    void theyLiveTogether(WireOptions options) {
        assumeTrue(!options.ipv6() || hasIpv6Loopback(), "no ::1 on this machine");
        try (MixedCluster cluster = new MixedCluster()) {
            Nodes nodes = new Nodes(cluster, options);
            JavaNode java1 = nodes.java(1);
            GoNode go1 = nodes.go(1);
            go1.join(java1);
            JavaNode java2 = nodes.java(2);
            java2.join(go1);
            GoNode go2 = nodes.go(2);
            go2.join(java2);

            cluster.awaitAgreement();
            assertListedAsStarted(cluster, options);
            userStateCrossed(java1, go1);
            userStateCrossed(java2, go1);
            userStateCrossed(java2, go2);
            for (Node node : cluster.nodes()) {
                broadcastReachesAll(node, cluster);
                node.updateMeta("new meta of " + node.name() + " " + "x".repeat(400));
            }
            cluster.awaitAgreement();
            assertThat(java1.live()).extracting(MemberView::meta).allMatch(meta -> meta.startsWith("new meta"));

            java1.leave();
            cluster.awaitGone(java1, "left");
            assertThat(java1.view(java1.name()).state()).isEqualTo("left");
            java1.join(go2);
            cluster.awaitAgreement();
            cluster.assertNobodyComplained();

            end(go2, cluster);
            end(java2, cluster);
            cluster.awaitGone(go2, "dead");
            cluster.awaitGone(java2, "dead");
            cluster.awaitAgreement();

            go1.leave();
            cluster.awaitGone(go1, "left");
            assertThat(go1.view(go1.name()).state()).isEqualTo("left");
            assertThat(java1.liveNames()).containsExactly(java1.name());
        }
    }

    private static void assertListedAsStarted(MixedCluster cluster, WireOptions options) {
        for (Node node : cluster.nodes()) {
            assertThat(node.live()).hasSize(4).allSatisfy(member -> {
                assertThat(member.meta()).isEqualTo("meta of " + member.name());
                assertThat(member.versions()).isEqualTo(new MemberVersions(1, 5, options.protocol(), 1, 4, 3));
            });
            assertThat(node.live())
                    .extracting(MemberView::address)
                    .containsExactlyInAnyOrderElementsOf(
                            cluster.nodes().stream().map(Node::seed).toList());
        }
    }

    /** One of them joined the other by a push/pull. */
    private static void userStateCrossed(Node a, Node b) {
        a.awaitRemoteState("state of " + b.name(), SOON);
        b.awaitRemoteState("state of " + a.name(), SOON);
    }

    private static void broadcastReachesAll(Node from, MixedCluster cluster) {
        String message = ("broadcast of " + from.name() + " ").repeat(20).strip();
        from.broadcast(message);
        for (Node node : cluster.nodes()) {
            if (node != from) {
                node.awaitMessage(message, SOON);
            }
        }
    }

    private static void end(Node node, MixedCluster cluster) {
        node.kill();
        cluster.remove(node);
    }

    private static boolean hasIpv6Loopback() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address.isLoopbackAddress() && address.getAddress().length == 16);
        } catch (SocketException e) {
            return false;
        }
    }

    /** Starts the nodes of one row. Their names tell the row, as rows share a log. */
    private static final class Nodes {
        private final MixedCluster cluster;
        private final WireOptions options;
        private int port;
        private int started;

        Nodes(MixedCluster cluster, WireOptions options) {
            this.cluster = cluster;
            this.options = options;
        }

        JavaNode java(int number) {
            String name = options.name() + ": java-" + number;
            JavaNode node = JavaNode.start(
                    name,
                    config -> options.applyTo(config)
                            .network(n -> n.bindAddress(nextHost()).bindPort(port))
                            .stateSync(s -> s.interval(NEVER))
                            .gossip(g -> g.retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER))
                            .protocol(p -> p.delegateMin(1).delegateMax(4).delegateVersion(3)));
            if (options.protocol() == 1) {
                port = node.port();
            }
            return cluster.add(node);
        }

        /** After a Java node, which picks the port where all need the same. */
        GoNode go(int number) {
            String name = options.name() + ": go-" + number;
            return cluster.add(options.applyTo(GoNode.named(name))
                    .bind(nextHost())
                    .port(port)
                    .meta("meta of " + name)
                    .state("state of " + name)
                    .pushPullInterval(NEVER)
                    .retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER)
                    .delegateVersion(1, 4, 3)
                    .start());
        }

        /** Protocol 1 has no ports: all nodes listen at the same one, so each needs its own address. */
        private String nextHost() {
            started++;
            if (options.protocol() == 1) {
                return "127.0." + (1 + options.keySize()) + "." + started;
            }
            return options.ipv6() ? "::1" : "127.0.0.1";
        }
    }
}
