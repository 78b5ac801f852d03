package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.delegate.StateDelegate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Metadata, user messages and user state cross between a Java and a Go node, both ways. */
class JavaGoMessagingIT {
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MIB = 1024 * 1024;

    private final List<Node> started = new ArrayList<>();
    private GoNode go;
    private JavaNode java;

    @BeforeEach
    void formCluster() {
        go = GoNode.named("go").state("state of go").start();
        started.add(go);
        java = JavaNode.start("java");
        started.add(java);
        java.join(go);
        java.awaitEvent("joined", "go", SOON);
        go.awaitEvent(event("joined", "java"), SOON);
    }

    @AfterEach
    void close() {
        started.forEach(Node::close);
    }

    @Test
    void metaUpdatesCross() {
        java.memberlist().updateMeta(JavaNode.utf8("Java's new"), SOON).join();
        assertThat(go.awaitEvent(event("updated", "java"), SOON).get("meta").asString())
                .isEqualTo("Java's new");

        go.command("meta Go's new");
        assertThat(java.awaitEvent("updated", "go", SOON).meta()).isEqualTo(JavaNode.utf8("Go's new"));

        byte[] largest = new byte[512];
        new Random(1).nextBytes(largest);
        java.memberlist().updateMeta(largest, SOON).join();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(go.members())
                        .filteredOn(member -> member.name().equals("java"))
                        .singleElement()
                        .extracting(GoMember::metaBytes)
                        .isEqualTo(largest));
    }

    @Test
    void packetsCross() {
        java.sendBestEffort("go", "grüße from Java");
        go.awaitEvent(message("grüße from Java"), SOON);
        go.command("send java grüße from Go");
        java.awaitMessage("grüße from Go", SOON);

        java.sendBestEffort("go", "");
        go.awaitEvent(message(""), SOON);
        go.command("send java ");
        java.awaitMessage("", SOON);

        // Compressible, so that it travels compressed, and nearly a full packet before that.
        String long1 = "from Java ".repeat(130);
        java.sendBestEffort("go", long1);
        go.awaitEvent(message(long1), SOON);
        String long2 = "from Go ".repeat(160);
        go.command("send java " + long2);
        java.awaitMessage(long2, SOON);
    }

    @Test
    void streamsCross() {
        java.sendReliable("go", JavaNode.utf8("a stream from Java"));
        go.awaitEvent(message("a stream from Java"), SOON);
        go.command("sendReliable java a stream from Go");
        java.awaitMessage("a stream from Go", SOON);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000, MIB})
    void largeStreamsCross(int size) {
        byte[] fromJava = new byte[size];
        new Random(size).nextBytes(fromJava);
        java.sendReliable("go", fromJava);
        JsonNode arrived = go.awaitEvent(event("message"), SOON);
        assertThat(arrived.get("size").asInt()).isEqualTo(size);
        if (size > 1) {
            assertThat(arrived.get("sha256").asString()).isEqualTo(sha256(fromJava));
        }

        String hash = go.command("sendReliableSize java " + size).get("sha256").asString();
        byte[] fromGo = java.awaitMessage(message -> true, SOON);
        assertThat(fromGo).hasSize(size);
        assertThat(sha256(fromGo)).isEqualTo(hash);
    }

    @Test
    void aMebibyteOfTextCrosses() {
        byte[] text = JavaNode.utf8("all work and no play ".repeat(MIB / 21 + 1));
        java.sendReliable("go", text);
        JsonNode arrived = go.awaitEvent(event("message"), SOON);
        assertThat(arrived.get("sha256").asString()).isEqualTo(sha256(text));
    }

    @Test
    void broadcastsOfGoReachJava() {
        go.command("broadcast to whom it may concern");
        java.awaitMessage("to whom it may concern", SOON);
    }

    @Test
    void userStateCrossesWithTheJoin() {
        JsonNode atGo = go.awaitEvent(event("remoteState"), SOON);
        assertThat(atGo.get("text").asString()).isEqualTo("state of java");
        assertThat(atGo.get("join").asBoolean()).isTrue();
        await().atMost(SOON).untilAsserted(() -> assertThat(java.remoteStates()).contains("state of go"));
    }

    /** As much as the Go library takes. */
    @Test
    void theLargestUserStateAndMessageCrossBothWays() {
        byte[] state = new byte[20 * MIB];
        for (int i = 0; i < state.length; i++) {
            state[i] = (byte) (i % 251);
        }
        AwaitableList<String> merged = new AwaitableList<>();
        try (GoNode largeGo = GoNode.named("large-go")
                        .preset("lan")
                        .stateSize(state.length)
                        .start();
                JavaNode largeJava = JavaNode.start(
                        "large-java",
                        config -> config.network(n -> n.tcpTimeout(SOON))
                                .delegates(d -> d.state(new StateDelegate() {
                                    @Override
                                    public byte[] localState(boolean join) {
                                        return state;
                                    }

                                    @Override
                                    public void mergeRemoteState(byte[] remote, boolean join) {
                                        merged.add(remote.length + " " + sha256(remote));
                                    }
                                })))) {
            largeGo.join(largeJava);

            JsonNode atGo = largeGo.awaitEvent(event("remoteState"), SOON);
            assertThat(atGo.get("size").asInt()).isEqualTo(state.length);
            assertThat(atGo.get("sha256").asString()).isEqualTo(sha256(state));
            assertThat(merged.await(said -> true, SOON)).contains(state.length + " " + sha256(state));
            assertThat(largeGo.live()).hasSize(2).isEqualTo(largeJava.live());

            largeJava.sendReliable("large-go", state);
            assertThat(largeGo.awaitEvent(event("message"), SOON).get("sha256").asString())
                    .isEqualTo(sha256(state));
            String hash = largeGo.command("sendReliableSize large-java " + state.length)
                    .get("sha256")
                    .asString();
            assertThat(sha256(largeJava.awaitMessage(message -> true, SOON))).isEqualTo(hash);
        }
    }

    @Test
    void eachPingsTheOther() {
        // It may be slightly negative: the Go library reads the clock only after sending.
        assertThat(go.command("ping java").get("rttNanos").asLong()).isLessThan(PROBE_TIMEOUT.toNanos());
        assertThat(java.memberlist().ping("go", go.address()).join()).isPositive();
    }

    private static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
