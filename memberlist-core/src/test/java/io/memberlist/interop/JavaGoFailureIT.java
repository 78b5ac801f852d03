package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Java nodes detect that Go nodes fail, leave or return, and the other way round. */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoFailureIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    /**
     * The local preset's longest: up to a round of probes of 1 s each, of which one may last 8 s on a machine that is
     * busy, then a suspicion of at most 18 s. Usually it takes five.
     */
    private static final Duration FAILURE = Duration.ofSeconds(40);

    @Test
    void theKilledAreFoundDead() {
        try (JavaNode java1 = JavaNode.start("java-1");
                JavaNode java2 = JavaNode.start("java-2");
                GoNode go1 = GoNode.named("go-1").start();
                GoNode go2 = GoNode.named("go-2").start()) {
            formCluster(java1, java2, go1, go2);

            go2.kill();
            java1.awaitEvent("failed", "go-2", FAILURE);
            java2.awaitEvent("failed", "go-2", FAILURE);
            assertThat(java1.view("go-2").state()).isEqualTo("dead");
            assertThat(stateToldOf("go-2", go1)).isEqualTo("dead");
            assertThat(java1.liveNames()).containsExactlyInAnyOrder("java-1", "java-2", "go-1");

            java2.kill();
            assertThat(stateToldOf("java-2", go1)).isEqualTo("dead");
            java1.awaitEvent("failed", "java-2", FAILURE);
            assertThat(go1.view("java-2").state()).isEqualTo("dead");
            assertThat(go1.liveNames()).containsExactlyInAnyOrder("java-1", "go-1");
            assertThat(java1.events()).extracting(JavaNode.Event::kind).doesNotContain("left");
        }
    }

    @Test
    void whoLeavesIsLeftAndNotDead() {
        try (JavaNode java1 = JavaNode.start("java-1");
                JavaNode java2 = JavaNode.start("java-2");
                GoNode go1 = GoNode.named("go-1").start();
                GoNode go2 = GoNode.named("go-2").start()) {
            formCluster(java1, java2, go1, go2);

            go2.leave();
            go2.kill();
            java1.awaitEvent("left", "go-2", SOON);
            java2.awaitEvent("left", "go-2", SOON);
            assertThat(java1.view("go-2").state()).isEqualTo("left");
            assertThat(stateToldOf("go-2", go1)).isEqualTo("left");

            java2.leave();
            java2.kill();
            assertThat(stateToldOf("java-2", go1)).isEqualTo("left");
            assertThat(go1.view("java-2").state()).isEqualTo("left");
            java1.awaitEvent("left", "java-2", SOON);

            assertThat(go1.liveNames()).isEqualTo(java1.liveNames()).containsExactlyInAnyOrder("java-1", "go-1");
            assertThat(java1.events()).extracting(JavaNode.Event::kind).doesNotContain("failed");
        }
    }

    @Test
    void aJavaNodeRestartedAfterItsDeathIsAliveForGo() {
        try (GoNode go = GoNode.named("go").start()) {
            int port;
            try (JavaNode before = JavaNode.start("java")) {
                before.join(go);
                port = before.port();
                go.awaitEvent(event("joined", "java"), SOON);
            }
            assertThat(stateToldOf("java", go)).isEqualTo("dead");

            try (JavaNode after = JavaNode.start("java", config -> config.network(n -> n.bindPort(port)))) {
                after.join(go);
                awaitAlive("java", after, go);
                awaitAlive("go", after, go);
            }
        }
    }

    @Test
    void aJavaNodeRestartedAtOnceIsAliveForGoAndItsNewMetaCounts() {
        try (GoNode go = GoNode.named("go").start()) {
            int port;
            try (JavaNode before = JavaNode.start("java")) {
                before.join(go);
                port = before.port();
                go.awaitEvent(event("joined", "java"), SOON);
            }
            try (JavaNode after = JavaNode.start(
                    "java", config -> config.network(n -> n.bindPort(port)).meta(JavaNode.utf8("second life")))) {
                after.join(go);
                awaitAlive("java", after, go);
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(go.view("java").meta()).isEqualTo("second life"));
            }
        }
    }

    @Test
    void aGoNodeRestartedAfterItsDeathIsAliveForJava() {
        try (JavaNode java = JavaNode.start("java")) {
            int port;
            try (GoNode before = GoNode.named("go").seeds(java.seed()).start()) {
                port = before.address().getPort();
                java.awaitEvent("joined", "go", SOON);
                before.kill();
            }
            java.awaitEvent("failed", "go", FAILURE);

            try (GoNode after = GoNode.named("go").port(port).start()) {
                after.join(java);
                awaitAlive("go", java, after);
                awaitAlive("java", java, after);
            }
        }
    }

    @Test
    void aGoNodeRestartedAtOnceIsAliveForJavaAndItsNewMetaCounts() {
        try (JavaNode java = JavaNode.start("java")) {
            int port;
            try (GoNode before = GoNode.named("go").seeds(java.seed()).start()) {
                port = before.address().getPort();
                java.awaitEvent("joined", "go", SOON);
                before.kill();
            }
            try (GoNode after =
                    GoNode.named("go").port(port).meta("second life").start()) {
                after.join(java);
                awaitAlive("go", java, after);
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(java.view("go").meta()).isEqualTo("second life"));
            }
        }
    }

    private static void formCluster(Node first, Node... others) {
        for (Node other : others) {
            other.join(first);
        }
        await().atMost(FAILURE).untilAsserted(() -> {
            Set<String> names = first.liveNames();
            assertThat(names).hasSize(others.length + 1);
            for (Node other : others) {
                assertThat(other.liveNames()).isEqualTo(names);
            }
        });
    }

    /** {@return whether the Go node was notified that the member is {@code dead}, or {@code left}} */
    private static String stateToldOf(String member, GoNode node) {
        return node.awaitEvent(event("left", member), FAILURE).get("state").asString();
    }

    private static void awaitAlive(String member, Node... nodes) {
        for (Node node : nodes) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(node.view(member).state())
                            .as("%s for %s", member, node.name())
                            .isEqualTo("alive"));
        }
    }
}
