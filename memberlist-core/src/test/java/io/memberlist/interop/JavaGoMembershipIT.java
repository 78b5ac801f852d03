package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.member.MemberVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java and Go nodes find each other, and agree on the members. */
class JavaGoMembershipIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Gossip takes a second or so; nodes that it misses learn by push/pull, every 15 s with the local preset. */
    private static final Duration AGREEMENT = Duration.ofSeconds(20);

    @ParameterizedTest(name = "Java speaks {0}, compresses {1}; Go speaks {2}, compresses {3}")
    @CsvSource({"2, true, 2, true", "2, false, 2, true", "2, true, 2, false", "5, true, 5, true"})
    void bothListBothWhoeverJoins(int javaProtocol, boolean javaCompresses, int goProtocol, boolean goCompresses) {
        for (boolean javaJoins : new boolean[] {true, false}) {
            try (GoNode go = GoNode.named("go")
                            .meta("meta of go")
                            .protocol(goProtocol)
                            .compression(goCompresses)
                            .delegateVersion(1, 4, 3)
                            .start();
                    JavaNode java = JavaNode.start(
                            "java",
                            config -> config.protocol(p -> p.version(javaProtocol))
                                    .compression(c -> c.enabled(javaCompresses))
                                    .protocol(
                                            p -> p.delegateMin(1).delegateMax(4).delegateVersion(2)))) {
                if (javaJoins) {
                    java.join(go);
                } else {
                    go.join(java);
                }

                Set<MemberView> both = Set.of(
                        new MemberView(
                                "java",
                                java.seed(),
                                "meta of java",
                                "alive",
                                java.member("java").incarnation(),
                                new MemberVersions(1, 5, javaProtocol, 1, 4, 2)),
                        new MemberView(
                                "go",
                                go.seed(),
                                "meta of go",
                                "alive",
                                go.view("go").incarnation(),
                                new MemberVersions(1, 5, goProtocol, 1, 4, 3)));
                await().atMost(SOON).untilAsserted(() -> assertThat(java.live()).isEqualTo(both));
                await().atMost(SOON).untilAsserted(() -> assertThat(go.live()).isEqualTo(both));
                java.awaitEvent("joined", "go", SOON);
                go.awaitEvent(event("joined", "java"), SOON);
                assertThat(go.stderr()).filteredOn(GoLog::isComplaint).isEmpty();
            }
        }
    }

    /** Protocol 1 has no ports: every node of such a cluster assumes that the others listen at its own port. */
    @Test
    void bothListBothWithTheOldestProtocol() {
        try (JavaNode java = JavaNode.start("java", config -> config.protocol(p -> p.version(1)));
                GoNode go = GoNode.named("go")
                        .protocol(1)
                        .bind("127.0.0.2")
                        .port(java.port())
                        .start()) {
            go.join(java);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(java.live()).hasSize(2).isEqualTo(go.live()));
            assertThat(java.live()).extracting(MemberView::address).containsExactlyInAnyOrder(java.seed(), go.seed());
        }
    }

    @Test
    void aMixedClusterOfSixAgrees() {
        List<Node> cluster = new ArrayList<>();
        try {
            for (int i = 1; i <= 3; i++) {
                cluster.add(JavaNode.start(
                        "java-" + i,
                        config -> config.gossip(g -> g.retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER))));
                cluster.add(GoNode.named("go-" + i)
                        .meta("meta of go-" + i)
                        .retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER)
                        .start());
            }
            // Each joins the one before it, so that most nodes learn of most others by gossip alone.
            for (int i = 1; i < cluster.size(); i++) {
                cluster.get(i).join(cluster.get(i - 1));
            }

            await().atMost(AGREEMENT).untilAsserted(() -> {
                Set<MemberView> first = cluster.get(0).live();
                assertThat(first).hasSize(6).allSatisfy(member -> {
                    assertThat(member.state()).isEqualTo("alive");
                    assertThat(member.meta()).isEqualTo("meta of " + member.name());
                });
                for (Node node : cluster) {
                    assertThat(node.live()).as("view of %s", node.name()).isEqualTo(first);
                }
            });
            assertThat(cluster.get(0).live())
                    .extracting(MemberView::address)
                    .containsExactlyInAnyOrderElementsOf(
                            cluster.stream().map(Node::seed).toList());
        } finally {
            cluster.forEach(Node::close);
        }
    }
}
