package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.member.MemberVersions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Go program and its driver alone, on which the other interop tests depend. */
class GoNodeIT {
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);
    /** At most this long until a killed member of two or three is declared dead under the local preset, and a margin. */
    private static final Duration FAILURE = Duration.ofSeconds(40);

    @Test
    void bothListBothAfterAJoin() {
        try (GoNode a = GoNode.named("a").meta("blue").delegateVersion(1, 4, 2).start();
                GoNode b = GoNode.named("b")
                        .seeds(a.seed())
                        .meta("red")
                        .delegateVersion(1, 4, 3)
                        .start()) {
            JsonNode joined = a.awaitEvent(event("joined", "b"), SOON);

            assertThat(joined.get("meta").asString()).isEqualTo("red");
            for (GoNode node : new GoNode[] {a, b}) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(node.members())
                                .extracting(GoMember::name)
                                .containsExactlyInAnyOrder("a", "b"));
                GoMember seen = node.members().stream()
                        .filter(m -> m.name().equals("b"))
                        .findFirst()
                        .orElseThrow();
                assertThat(seen.addr()).isEqualTo("127.0.0.1");
                assertThat(seen.port()).isEqualTo(b.address().getPort());
                assertThat(seen.meta()).isEqualTo("red");
                assertThat(seen.state()).isEqualTo("alive");
                assertThat(seen.incarnation()).isEqualTo(1);
                assertThat(seen.versions()).isEqualTo(new MemberVersions(1, 5, 2, 1, 4, 3));
            }
            assertThat(a.command("health").get("score").asInt()).isZero();
            // It may be slightly negative: the Go library reads the clock only after sending.
            assertThat(a.command("ping b").get("rttNanos").asLong()).isLessThan(PROBE_TIMEOUT.toNanos());
        }
    }

    @Test
    void metadataTravels() {
        try (GoNode a = GoNode.named("a").start();
                GoNode b = GoNode.named("b").seeds(a.seed()).start()) {
            a.awaitEvent(event("joined", "b"), SOON);

            b.command("meta green and gold");
            assertThat(a.awaitEvent(event("updated", "b"), SOON).get("meta").asString())
                    .isEqualTo("green and gold");

            byte[] bytes = {(byte) 0xff, 0, 10};
            b.command("meta base64:" + Base64.getEncoder().encodeToString(bytes));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(a.members())
                            .filteredOn(m -> m.name().equals("b"))
                            .singleElement()
                            .extracting(GoMember::metaBytes)
                            .isEqualTo(bytes));

            assertThatThrownBy(() -> b.command("meta " + "x".repeat(513)))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("513")
                    .hasMessageContaining("512");
        }
    }

    @Test
    void messagesOfEveryKindArrive() {
        try (GoNode a = GoNode.named("a").state("state of a").start();
                GoNode b = GoNode.named("b").seeds(a.seed()).start()) {
            a.awaitEvent(event("joined", "b"), SOON);

            a.command("send b by packet: grüße");
            b.awaitEvent(message("by packet: grüße"), SOON);

            a.command("sendReliable b by stream");
            b.awaitEvent(message("by stream"), SOON);

            a.command("broadcast to all");
            b.awaitEvent(message("to all"), SOON);

            String sha256 =
                    a.command("sendReliableSize b 1048576").get("sha256").asString();
            JsonNode large = b.awaitEvent(event("message").and(e -> e.has("sha256")), SOON);
            assertThat(large.get("size").asInt()).isEqualTo(1048576);
            assertThat(large.get("sha256").asString()).isEqualTo(sha256);
            assertThat(large.has("text")).isFalse();

            JsonNode state = b.awaitEvent(event("remoteState"), SOON);
            assertThat(state.get("text").asString()).isEqualTo("state of a");
            assertThat(state.get("join").asBoolean()).isTrue();
        }
    }

    @Test
    void leavingIsLeftAndAKillIsDead() {
        try (GoNode a = GoNode.named("a").start();
                GoNode b = GoNode.named("b").seeds(a.seed()).start();
                GoNode c = GoNode.named("c").seeds(a.seed()).start()) {
            a.awaitEvent(event("joined", "b"), SOON);
            a.awaitEvent(event("joined", "c"), SOON);

            b.command("leave");
            assertThat(a.awaitEvent(event("left", "b"), SOON).get("state").asString())
                    .isEqualTo("left");

            c.kill();
            assertThat(a.awaitEvent(event("left", "c"), FAILURE).get("state").asString())
                    .isEqualTo("dead");
            assertThat(a.members()).extracting(GoMember::name).containsExactly("a");
            assertThat(a.allMembers())
                    .extracting(m -> m.name() + " " + m.state())
                    .contains("a alive", "c dead");
        }
    }

    @Test
    void aVetoRefusesTheMergeAndIsTold() {
        try (GoNode a = GoNode.named("a").mergeVeto("not mine").start();
                GoNode b = GoNode.named("b").start()) {
            b.command("join " + a.seed());

            JsonNode vetoed = a.awaitEvent(event("mergeVetoed"), SOON);
            assertThat(vetoed.get("reason").asString()).isEqualTo("not mine");
            assertThat(vetoed.get("members").valueStream().map(JsonNode::asString))
                    .containsExactly("b");
        }
    }

    @Test
    void labelAndKeysShutOthersOut() {
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        String newer =
                Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        try (GoNode a = GoNode.named("a").keys(key).label("blue").start();
                GoNode b = GoNode.named("b").keys(key).label("blue").start();
                GoNode c = GoNode.named("c").start()) {
            assertThat(b.command("join " + a.seed()).get("reached").asInt()).isEqualTo(1);
            assertThatThrownBy(() -> c.command("join " + a.seed())).isInstanceOf(GoCommandException.class);

            a.command("keys add " + newer);
            assertThat(a.command("keys use " + newer).get("keys").valueStream().map(JsonNode::asString))
                    .containsExactly(newer, key);
        }
    }

    @Test
    void aFailedCommandNamesItsReasonAndTheNodeGoesOn() {
        try (GoNode a = GoNode.named("a").start()) {
            assertThatThrownBy(() -> a.command("send nobody hello"))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("nobody");
            assertThatThrownBy(() -> a.command("dance"))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("dance");
            assertThatThrownBy(() -> a.command("join 127.0.0.1:1"))
                    .isInstanceOf(GoCommandException.class)
                    .hasMessageContaining("refused");
            assertThat(a.members()).extracting(GoMember::name).containsExactly("a");
            assertThat(a.stderr()).anyMatch(line -> line.contains("failed to join 127.0.0.1:1"));
        }
    }

    @Test
    void aNodeThatCannotStartSaysWhy() {
        try (GoNode a = GoNode.named("a").start()) {
            assertThatThrownBy(
                            () -> GoNode.named("b").port(a.address().getPort()).start())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("address already in use");
        }
    }
}
