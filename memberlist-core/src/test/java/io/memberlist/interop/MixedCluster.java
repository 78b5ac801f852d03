package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The nodes of one test, whichever language they are written in. Closing it ends those that still run. */
final class MixedCluster implements AutoCloseable {
    /**
     * Gossip takes a second or so. Whoever it misses, on a machine so busy that packets get lost, learns by the
     * push/pulls, every 15 s under the local preset.
     */
    static final Duration AGREEMENT = Duration.ofSeconds(20);

    /**
     * The local preset's longest: up to a round of probes of 1 s each, of which one may last 8 s on a machine that is
     * busy, then a suspicion of at most 18 s. Usually it takes five.
     */
    static final Duration FAILURE = Duration.ofSeconds(40);

    /**
     * The local preset sends a message twice, so in a cluster of four one news in nine misses somebody, who then learns
     * by push/pull only. With this, several rounds of gossip go to everybody, whatever else carries some of the copies.
     */
    static final int RETRANSMIT_MULTIPLIER = 8;

    private final List<Node> running = new ArrayList<>();

    <N extends Node> N add(N node) {
        running.add(node);
        return node;
    }

    /** Takes a node out, before or after it ends; whoever takes it closes it. */
    void remove(Node node) {
        running.remove(node);
    }

    List<Node> nodes() {
        return List.copyOf(running);
    }

    /** Waits until each node lists all of them and nobody else, just as each describes itself. */
    void awaitAgreement() {
        await().atMost(AGREEMENT).untilAsserted(() -> {
            Set<MemberView> own =
                    running.stream().map(node -> node.view(node.name())).collect(Collectors.toSet());
            assertThat(own).extracting(MemberView::state).containsOnly("alive");
            for (Node node : running) {
                assertThat(node.live()).as("view of %s", node.name()).isEqualTo(own);
            }
        });
    }

    /** Waits until every node but that one was told that it is gone, {@code left} or {@code dead}. */
    void awaitGone(Node gone, String state) {
        for (Node node : running) {
            if (node != gone) {
                assertThat(node.awaitGone(gone.name(), FAILURE))
                        .as("state of %s for %s", gone.name(), node.name())
                        .isEqualTo(state);
            }
        }
    }

    /** Waits until every node takes that member for {@code left}, or {@code dead}. */
    void awaitState(String member, String state) {
        await().atMost(AGREEMENT).untilAsserted(() -> {
            for (Node node : running) {
                assertThat(node.view(member).state())
                        .as("state of %s for %s", member, node.name())
                        .isEqualTo(state);
            }
        });
    }

    /** Nobody has logged a warning or an error that is more than a late answer. */
    void assertNobodyComplained() {
        for (Node node : running) {
            assertThat(node.complaints()).as("complaints of %s", node.name()).isEmpty();
        }
    }

    @Override
    public void close() {
        running.forEach(Node::close);
    }
}
