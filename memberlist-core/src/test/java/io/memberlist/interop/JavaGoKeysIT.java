package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.message;
import static io.memberlist.interop.MixedCluster.RETRANSMIT_MULTIPLIER;
import static io.memberlist.interop.TestKeys.base64;
import static io.memberlist.interop.TestKeys.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.Keyring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster of Java and Go nodes changes its keys, or gets its first key, while it runs. No member is lost. */
class JavaGoKeysIT {
    /** Push/pulls are frequent, so that streams and packets are exchanged in every step. */
    private static final Duration PUSH_PULL_INTERVAL = Duration.ofSeconds(1);

    private static final byte[] OLD = key('a');
    private static final byte[] NEW = key('b');

    @Test
    void keysRotateWhileItRuns() {
        try (MixedCluster cluster = new MixedCluster()) {
            Map<JavaNode, Keyring> rings = new HashMap<>();
            List<GoNode> goNodes = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                Keyring ring = Keyring.of(OLD);
                rings.put(
                        cluster.add(JavaNode.start(
                                "rotating-java-" + i,
                                config -> config.encryption(e -> e.keyring(ring))
                                        .stateSync(s -> s.interval(PUSH_PULL_INTERVAL))
                                        .gossip(g -> g.retransmitMultiplier(RETRANSMIT_MULTIPLIER)))),
                        ring);
                goNodes.add(cluster.add(GoNode.named("rotating-go-" + i)
                        .keys(base64(OLD))
                        .pushPullInterval(PUSH_PULL_INTERVAL)
                        .retransmitMultiplier(RETRANSMIT_MULTIPLIER)
                        .start()));
            }
            joinOneAfterTheOther(cluster);
            cluster.awaitAgreement();

            rings.values().forEach(ring -> ring.add(NEW));
            goNodes.forEach(node -> node.command("keys add " + base64(NEW)));
            newsCrosses(cluster, "both keys known");

            // Half of them, one of each kind, so that both keys are in use for a while.
            rings.values().iterator().next().use(NEW);
            goNodes.get(0).command("keys use " + base64(NEW));
            newsCrosses(cluster, "both keys used");

            rings.values().forEach(ring -> ring.use(NEW));
            goNodes.forEach(node -> node.command("keys use " + base64(NEW)));
            newsCrosses(cluster, "new key used");

            rings.values().forEach(ring -> ring.remove(OLD));
            goNodes.forEach(node -> node.command("keys remove " + base64(OLD)));
            newsCrosses(cluster, "old key gone");

            for (JavaNode java : rings.keySet()) {
                assertThat(java.events()).extracting(JavaNode.Event::kind).doesNotContain("failed", "left");
                assertThat(java.memberlist().statistics().drops())
                        .doesNotContainKeys("decrypt", "malformed", "unsupported");
            }
            for (GoNode go : goNodes) {
                assertThat(go.events()).filteredOn(event("left")).isEmpty();
                assertThat(go.command("keys list").get("keys").valueStream().map(key -> key.asString()))
                        .containsExactly(base64(NEW));
            }
            cluster.assertNobodyComplained();

            try (JavaNode late = JavaNode.start("late-java", config -> config.encryption(e -> e.secretKey(OLD)));
                    GoNode lateGo = GoNode.named("late-go").keys(base64(OLD)).start()) {
                for (Node member : cluster.nodes()) {
                    assertThatThrownBy(() -> late.join(member)).isInstanceOf(RuntimeException.class);
                    assertThatThrownBy(() -> lateGo.join(member)).isInstanceOf(GoCommandException.class);
                }
            }
            cluster.awaitAgreement();
        }
    }

    /** What Java members put behind their messages is nothing to Go nodes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void membersThatSayWhenTheyEncryptedLiveWithGoNodes(boolean compression) {
        Duration soon = Duration.ofSeconds(10);
        try (MixedCluster cluster = new MixedCluster()) {
            List<JavaNode> javaNodes = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                javaNodes.add(cluster.add(JavaNode.start(
                        "dated-java-" + i,
                        config -> config.encryption(e -> e.secretKey(NEW).maxMessageAge(Duration.ofSeconds(20)))
                                .compression(c -> c.enabled(compression)))));
            }
            GoNode go = cluster.add(GoNode.named("undated-go")
                    .keys(base64(NEW))
                    .pushPullInterval(PUSH_PULL_INTERVAL)
                    .start());
            joinOneAfterTheOther(cluster);
            cluster.awaitAgreement();
            JavaNode java = javaNodes.get(0);

            for (String text : List.of("short", "long ".repeat(100))) {
                java.sendBestEffort("undated-go", text);
                go.awaitEvent(message(text), soon);
                java.sendReliable("undated-go", JavaNode.utf8("by a stream, " + text));
                go.awaitEvent(message("by a stream, " + text), soon);
                go.command("send dated-java-1 " + text + " from Go");
                java.awaitMessage(text + " from Go", soon);
            }
            newsCrosses(cluster, "new metadata");

            cluster.assertNobodyComplained();
            assertThat(javaNodes)
                    .allSatisfy(node ->
                            assertThat(node.memberlist().statistics().drops()).isEmpty());
        }
    }

    /** The procedure of the Go library's users: each step restarts every node, one after the other. */
    @Test
    void plainBecomesEncryptedNodeByNode() {
        try (MixedCluster cluster = new MixedCluster()) {
            Map<String, Integer> ports = new HashMap<>();
            for (String name : List.of("rolling-java-1", "rolling-go-1", "rolling-java-2", "rolling-go-2")) {
                Node node = cluster.add(Step.PLAIN.start(name, 0));
                ports.put(name, port(node));
            }
            joinOneAfterTheOther(cluster);
            cluster.awaitAgreement();

            for (Step step : List.of(Step.KEY_INSTALLED, Step.ENCRYPTS, Step.REFUSES_PLAIN)) {
                for (Node before : cluster.nodes()) {
                    String name = before.name();
                    cluster.remove(before);
                    try (before) {
                        assertThat(before.complaints())
                                .as("complaints of %s before %s", name, step)
                                .isEmpty();
                        before.leave();
                        // Whoever starts again before all have heard of its leave is taken for left when they hear, and
                        // learns of that, as a Go node does, by its next push/pull only.
                        cluster.awaitState(name, "left");
                    }
                    Node member = cluster.nodes().get(0);
                    Node after = cluster.add(step.start(name, requireNonNull(ports.get(name))));
                    after.join(member);
                    cluster.awaitAgreement();
                }
                newsCrosses(cluster, step.name());
            }

            for (Node node : cluster.nodes()) {
                if (node instanceof JavaNode java) {
                    assertThat(java.events()).extracting(JavaNode.Event::kind).doesNotContain("failed");
                } else if (node instanceof GoNode go) {
                    assertThat(go.events())
                            .filteredOn(event("left"))
                            .allMatch(event -> event.get("state").asString().equals("left"));
                }
            }
            cluster.assertNobodyComplained();

            try (Node java = Step.PLAIN.start("late-java", 0);
                    Node go = Step.PLAIN.start("late-go", 0)) {
                for (Node member : cluster.nodes()) {
                    assertThatThrownBy(() -> java.join(member)).isInstanceOf(RuntimeException.class);
                    assertThatThrownBy(() -> go.join(member)).isInstanceOf(GoCommandException.class);
                }
            }
            cluster.awaitAgreement();
        }
    }

    private static void joinOneAfterTheOther(MixedCluster cluster) {
        List<Node> nodes = cluster.nodes();
        for (int i = 1; i < nodes.size(); i++) {
            nodes.get(i).join(nodes.get(i - 1));
        }
    }

    /** The new metadata of every node reaches every node. */
    private static void newsCrosses(MixedCluster cluster, String news) {
        for (Node node : cluster.nodes()) {
            node.updateMeta(news + ", says " + node.name());
        }
        cluster.awaitAgreement();
        assertThat(cluster.nodes().get(0).live()).extracting(MemberView::meta).allMatch(meta -> meta.startsWith(news));
    }

    private static int port(Node node) {
        return Integer.parseInt(node.seed().substring(node.seed().lastIndexOf(':') + 1));
    }

    /** Restarts one node after the other, until none sends or accepts plain text. */
    private enum Step {
        PLAIN(false, false, false),
        KEY_INSTALLED(true, false, false),
        ENCRYPTS(true, true, false),
        REFUSES_PLAIN(true, true, true);

        private final boolean key;
        private final boolean verifyOutgoing;
        private final boolean verifyIncoming;

        Step(boolean key, boolean verifyOutgoing, boolean verifyIncoming) {
            this.key = key;
            this.verifyOutgoing = verifyOutgoing;
            this.verifyIncoming = verifyIncoming;
        }

        /** Starts a Go or a Java node, as the name says. */
        Node start(String name, int port) {
            return name.contains("go") ? startGo(name, port) : startJava(name, port);
        }

        private GoNode startGo(String name, int port) {
            GoNodeBuilder node =
                    GoNode.named(name).port(port).verifyOutgoing(verifyOutgoing).verifyIncoming(verifyIncoming);
            return key ? node.keys(base64(NEW)).start() : node.start();
        }

        private JavaNode startJava(String name, int port) {
            return JavaNode.start(name, config -> {
                config.network(n -> n.bindPort(port))
                        .gossip(g -> g.retransmitMultiplier(RETRANSMIT_MULTIPLIER))
                        .encryption(e -> e.verifyOutgoing(verifyOutgoing).verifyIncoming(verifyIncoming));
                return key ? config.encryption(e -> e.secretKey(NEW)) : config;
            });
        }
    }
}
