package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A member of a mixed cluster ends, and another process comes under its name at another address. */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoReplacedMemberIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    /**
     * The local preset's longest: a suspicion of up to 18 s after a round of probes, then 15 s until the dead are forgotten,
     * after another round, and the 15 s until the next push/pull.
     */
    private static final Duration FORGOTTEN = Duration.ofSeconds(90);

    @Test
    void aKilledJavaMemberIsBackWhenTheGoMembersHaveForgottenIt() {
        try (MixedCluster cluster = new MixedCluster()) {
            JavaNode java = cluster.add(JavaNode.start("java"));
            GoNode go1 = cluster.add(GoNode.named("go-1").start());
            GoNode go2 = cluster.add(GoNode.named("go-2").start());
            JavaNode first = cluster.add(JavaNode.start("replaced"));
            formCluster(cluster, java, go1, go2, first);

            first.kill();
            long begun = System.nanoTime();
            try (JavaNode second = elsewhere("replaced")) {
                second.memberlist().join(List.of(java.seed(), go1.seed(), go2.seed()));

                awaitKnown(second, begun, java, go1, go2);
                awaitAlive(SOON, second, java, go1, go2);
                assertThat(conflicts(go1) + conflicts(go2)).isBetween(1L, 60L);
                assertThat(second.complaints()).isEmpty();
            }
        }
    }

    @Test
    void aKilledJavaMemberAmongGoMembersOnlyIsBackWhenTheyHaveForgottenIt() {
        try (MixedCluster cluster = new MixedCluster()) {
            GoNode go1 = cluster.add(GoNode.named("go-1").start());
            GoNode go2 = cluster.add(GoNode.named("go-2").start());
            JavaNode first = cluster.add(JavaNode.start("replaced"));
            formCluster(cluster, go1, go2, first);

            first.kill();
            long begun = System.nanoTime();
            try (JavaNode second = elsewhere("replaced")) {
                second.memberlist().join(List.of(go1.seed(), go2.seed()));

                awaitKnown(second, begun, go1, go2);
                awaitAlive(SOON, second, go1, go2);
                assertThat(conflicts(go1) + conflicts(go2)).isBetween(1L, 60L);
            }
        }
    }

    @Test
    void aJavaMemberThatLeftIsBackAtOnce() {
        try (MixedCluster cluster = new MixedCluster()) {
            JavaNode java = cluster.add(JavaNode.start("java"));
            GoNode go = cluster.add(GoNode.named("go").start());
            JavaNode first = cluster.add(JavaNode.start("replaced"));
            formCluster(cluster, java, go, first);

            first.leave();
            first.kill();
            go.awaitEvent(event("left", "replaced"), SOON);
            java.awaitEvent("left", "replaced", SOON);
            long begun = System.nanoTime();
            try (JavaNode second = elsewhere("replaced")) {
                second.join(go);

                awaitKnown(second, begun, go, java);
                assertThat(conflicts(go)).isZero();
            }
        }
    }

    @Test
    void aKilledGoMemberIsBackAmongJavaMembersWhenItsFormerSelfIsDead() {
        try (MixedCluster cluster = new MixedCluster()) {
            JavaNode java1 = cluster.add(JavaNode.start("java-1"));
            JavaNode java2 = cluster.add(JavaNode.start("java-2"));
            GoNode first = cluster.add(GoNode.named("replaced").start());
            formCluster(cluster, java1, java2, first);

            first.kill();
            long begun = System.nanoTime();
            try (GoNode second = GoNode.named("replaced")
                    .bind("127.0.0.2")
                    .seeds(java1.seed(), java2.seed())
                    .start()) {
                awaitKnown(second, begun, java1, java2);
                awaitAlive(SOON, second, java1, java2);
                assertThat(java1.complaints()).isEmpty();
            }
        }
    }

    private static JavaNode elsewhere(String name) {
        return JavaNode.start(name, config -> config.network(n -> n.bindAddress("127.0.0.2")));
    }

    private static void formCluster(MixedCluster cluster, Node first, Node... others) {
        for (Node other : others) {
            other.join(first);
        }
        cluster.awaitAgreement();
    }

    /** Waits until each of the nodes knows a node as alive at its address, and prints how long that took. */
    private static void awaitKnown(Node successor, long begunNanos, Node... observers) {
        for (Node observer : observers) {
            awaitAlive(FORGOTTEN, successor, observer);
            System.out.println(observer.name() + " knows " + successor.name() + " at " + successor.seed() + " after "
                    + Duration.ofNanos(System.nanoTime() - begunNanos).toMillis() + " ms; "
                    + (observer instanceof GoNode go ? conflicts(go) + " lines of conflicts" : observer.complaints()));
        }
    }

    private static void awaitAlive(Duration timeout, Node successor, Node... observers) {
        for (Node observer : observers) {
            await().atMost(timeout)
                    .untilAsserted(() -> assertThat(observer.live())
                            .as("members for %s", observer.name())
                            .anySatisfy(view -> {
                                assertThat(view.name()).isEqualTo(successor.name());
                                assertThat(view.address()).isEqualTo(successor.seed());
                            }));
            await().atMost(timeout)
                    .untilAsserted(() -> assertThat(successor.liveNames()).contains(observer.name()));
        }
    }

    private static long conflicts(GoNode node) {
        return node.stderr().stream()
                .filter(line -> line.contains("Conflicting address"))
                .count();
    }
}
