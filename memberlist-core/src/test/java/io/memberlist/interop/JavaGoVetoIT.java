package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.member.JoinException;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Java and Go nodes refuse members and merges, of Java and of Go nodes. */
class JavaGoVetoIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void aJavaNodeUnderTheNameOfAGoNodeIsAConflictForBoth() {
        try (MixedCluster cluster = new MixedCluster()) {
            JavaNode java = cluster.add(JavaNode.start("java"));
            GoNode go = cluster.add(GoNode.named("go").start());
            GoNode rightful = cluster.add(GoNode.named("claimed").start());
            go.join(java);
            rightful.join(java);
            cluster.awaitAgreement();
            Set<MemberView> before = java.live();

            try (JavaNode claimant = JavaNode.start("claimed")) {
                for (Node seed : List.of(java, go)) {
                    assertThatThrownBy(() -> claimant.join(seed))
                            .isInstanceOf(CompletionException.class)
                            .hasCauseInstanceOf(JoinException.class)
                            .hasMessageContaining("the name 'claimed' is taken by " + rightful.seed());
                }
                bothHearOfTheConflict(java, go, rightful.seed(), claimant.seed());
                // It is told of itself, elsewhere.
                assertThat(MemberView.text(
                                claimant.awaitConflict("claimed", SOON).other().address()))
                        .isEqualTo(rightful.seed());
            }
            assertThat(java.live()).isEqualTo(before);
            assertThat(go.live()).isEqualTo(before);
        }
    }

    @Test
    void aGoNodeUnderTheNameOfAJavaNodeIsAConflictForBoth() {
        try (MixedCluster cluster = new MixedCluster()) {
            JavaNode java = cluster.add(JavaNode.start("java"));
            GoNode go = cluster.add(GoNode.named("go").start());
            JavaNode rightful = cluster.add(JavaNode.start("claimed"));
            go.join(java);
            rightful.join(java);
            cluster.awaitAgreement();
            Set<MemberView> before = java.live();

            try (GoNode claimant = GoNode.named("claimed").start()) {
                claimant.join(java);
                claimant.join(go);
                bothHearOfTheConflict(java, go, rightful.seed(), claimant.seed());
                claimant.awaitEvent(event("conflict", "claimed"), SOON);
            }
            assertThat(java.live()).isEqualTo(before);
            assertThat(go.live()).isEqualTo(before);
        }
    }

    private static void bothHearOfTheConflict(JavaNode java, GoNode go, String rightful, String claimant) {
        JavaNode.Conflict atJava = java.awaitConflict("claimed", SOON);
        assertThat(MemberView.text(atJava.existing().address())).isEqualTo(rightful);
        assertThat(MemberView.text(atJava.other().address())).isEqualTo(claimant);

        JsonNode atGo = go.awaitEvent(event("conflict", "claimed"), SOON);
        assertThat(address(atGo.get("existing"))).isEqualTo(rightful);
        assertThat(address(atGo.get("other"))).isEqualTo(claimant);
    }

    private static String address(JsonNode json) {
        return json.get("addr").asString() + ":" + json.get("port").asInt();
    }

    @Test
    void whoAreBothAgainstItDoNotMergeWhoeverJoins() {
        AwaitableList<List<Member>> asked = new AwaitableList<>();
        try (JavaNode java = vetoing(asked);
                GoNode go = GoNode.named("go").mergeVeto("not with Java").start()) {
            assertThatThrownBy(() -> java.join(go))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(JoinException.class)
                    .hasMessageContaining("not with Go");
            bothWereAsked(asked, 1, go, 1);

            assertThatThrownBy(() -> go.join(java))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("not with Java");
            bothWereAsked(asked, 2, go, 2);

            assertThat(java.all()).extracting(MemberView::name).containsExactly("java");
            assertThat(go.all()).extracting(MemberView::name).containsExactly("go");
        }
    }

    private static void bothWereAsked(AwaitableList<List<Member>> asked, int times, GoNode go, int timesGo) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(asked.snapshot()).hasSize(times);
            assertThat(go.events()).filteredOn(event("mergeVetoed")).hasSize(timesGo);
        });
        assertThat(asked.snapshot()).allSatisfy(members -> {
            assertThat(members).extracting(Member::name).containsExactly("go");
            assertThat(MemberView.text(members.get(0).address())).isEqualTo(go.seed());
        });
        assertThat(go.events()).filteredOn(event("mergeVetoed")).allSatisfy(veto -> {
            assertThat(veto.get("reason").asString()).isEqualTo("not with Java");
            assertThat(veto.get("members").valueStream().map(JsonNode::asString))
                    .containsExactly("java");
        });
    }

    /** Who serves a join answers before it merges, in the Go library as here, so the joining side has the other then. */
    @Test
    void whoJoinsAVetoingNodeListsItAllTheSame() {
        AwaitableList<List<Member>> asked = new AwaitableList<>();
        try (GoNode vetoingGo = GoNode.named("vetoing-go").mergeVeto("not mine").start();
                JavaNode java = JavaNode.start("java")) {
            java.join(vetoingGo);
            vetoingGo.awaitEvent(event("mergeVetoed"), SOON);
            assertThat(java.liveNames()).containsExactlyInAnyOrder("java", "vetoing-go");
        }
        try (JavaNode vetoingJava = vetoing(asked);
                GoNode go = GoNode.named("go").start()) {
            go.join(vetoingJava);
            assertThat(asked.await(members -> true, SOON)).isPresent();
            assertThat(go.liveNames()).containsExactlyInAnyOrder("go", "java");
        }
    }

    /** Who joins is free to refuse what it gets; the other side has merged it by then. */
    @Test
    void aVetoFailsTheJoinOfWhoVetoes() {
        AwaitableList<List<Member>> asked = new AwaitableList<>();
        try (GoNode vetoingGo = GoNode.named("vetoing-go").mergeVeto("not mine").start();
                JavaNode java = JavaNode.start("java")) {
            assertThatThrownBy(() -> vetoingGo.join(java))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("not mine");
            java.awaitEvent("joined", "vetoing-go", SOON);
        }
        try (JavaNode vetoingJava = vetoing(asked);
                GoNode go = GoNode.named("go").start()) {
            assertThatThrownBy(() -> vetoingJava.join(go)).hasMessageContaining("not with Go");
            go.awaitEvent(event("joined", "java"), SOON);
        }
    }

    private static JavaNode vetoing(AwaitableList<List<Member>> asked) {
        return JavaNode.start(
                "java",
                config -> config.delegates(d -> d.merge(members -> {
                    asked.add(members);
                    throw new MemberlistException("not with Go");
                })));
    }
}
