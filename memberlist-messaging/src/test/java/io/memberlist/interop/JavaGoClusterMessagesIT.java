package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.RecordingSubscriber;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Cluster messages in a cluster with Go nodes, which read and write the envelope as docs/messaging.md describes it. */
class JavaGoClusterMessagesIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<Node> started = new ArrayList<>();
    private final List<ClusterMessage> received = new CopyOnWriteArrayList<>();
    private GoNode go;
    private GoNode go2;
    private JavaNode java;
    private JavaNode java2;

    @BeforeEach
    void formCluster() {
        go = start(GoNode.named("go").state("state of go"));
        go2 = start(GoNode.named("go2"));
        java = start("java");
        java2 = start("java2");
        for (Node node : List.of(go2, java, java2)) {
            node.join(go);
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(started).allMatch(node -> node.live().size() == 4));
        ClusterMessaging.of(java2.memberlist()).subscribeAll(received::add);
    }

    private GoNode start(GoNodeBuilder builder) {
        GoNode node =
                builder.retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER).start();
        started.add(node);
        return node;
    }

    private JavaNode start(String name) {
        JavaNode node = JavaNode.start(
                name,
                config -> RecordingSubscriber.messaging(config)
                        .gossip(g -> g.retransmitMultiplier(MixedCluster.RETRANSMIT_MULTIPLIER)));
        started.add(node);
        return node;
    }

    @AfterEach
    void close() {
        started.forEach(Node::close);
    }

    @Test
    void aBroadcastOfJavaIsReadInGo() {
        MessageId id = ClusterMessaging.of(java.memberlist())
                .broadcast("news", JavaNode.utf8("grüße"), Map.of("traceparent", "00-ab-cd-01"))
                .join();

        for (GoNode node : List.of(go, go2)) {
            JsonNode read = node.awaitEvent(clusterMessage("grüße"), SOON);
            assertThat(read.get("origin").asString()).isEqualTo("java");
            assertThat(read.get("topic").asString()).isEqualTo("news");
            assertThat(read.get("number").asLong()).isEqualTo(id.number());
            assertThat(read.get("order").asLong()).isEqualTo(1);
            assertThat(read.get("headers").get("traceparent").asString()).isEqualTo("00-ab-cd-01");
        }
    }

    @Test
    void aLargeBroadcastOfJavaReachesGoOverAStream() {
        ClusterMessaging.of(java.memberlist())
                .broadcast("files", new byte[300_000])
                .join();

        for (GoNode node : List.of(go, go2)) {
            assertThat(node.awaitEvent(event("clusterMessage"), SOON)
                            .get("size")
                            .asInt())
                    .isEqualTo(300_000);
        }
    }

    @Test
    void aMessageOfJavaToOneGoNodeIsReadThere() {
        ClusterMessaging.of(java.memberlist())
                .send(java.memberlist().member("go").orElseThrow(), "t", JavaNode.utf8("you"), Delivery.RELIABLE)
                .join();

        assertThat(go.awaitEvent(clusterMessage("you"), SOON).get("kind").asInt())
                .isEqualTo(2);
    }

    @Test
    void broadcastsOfGoArriveInJavaOnceAndInOrder() {
        for (int i = 0; i < 10; i++) {
            go.command("clusterBroadcast news from go " + i);
        }
        go.command("clusterBroadcast big base64:" + "QUJD".repeat(700));

        await().atMost(SOON).untilAsserted(() -> assertThat(received).hasSize(11));
        assertThat(received.stream()
                        .filter(message -> message.topic().equals("news"))
                        .map(ClusterMessage::payloadText))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "from go " + i).toList());
        assertThat(received)
                .filteredOn(message -> message.topic().equals("big"))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.payloadText()).isEqualTo("ABC".repeat(700));
                    assertThat(message.origin()).isEqualTo("go");
                });
    }

    @Test
    void rawMessagesAndStateCrossUntouchedBesideThem() {
        ClusterMessaging.of(java.memberlist())
                .broadcast("t", JavaNode.utf8("cluster message"))
                .join();
        java.sendBestEffort("go", "raw from Java");
        go.awaitEvent(message("raw from Java"), SOON);
        go.command("send java2 raw from Go");
        java2.awaitMessage("raw from Go", SOON);
        JavaNode late = JavaNode.start("late");
        started.add(late);
        late.join(go);
        late.awaitRemoteState("state of go", SOON);

        await().atMost(SOON).untilAsserted(() -> assertThat(received).hasSize(1));
        assertThat(received.get(0).payloadText()).isEqualTo("cluster message");
    }

    @Test
    void goReceivesOnlyTheFirstFewDigestsWhileJavaRepairs() throws InterruptedException {
        JavaNode late = JavaNode.start(
                "late",
                config -> RecordingSubscriber.messaging(config, m -> m.storeAge(Duration.ofSeconds(2)))
                        .stateSync(s -> s.interval(Duration.ofMillis(500))));
        started.add(late);
        late.join(go);
        for (int i = 0; i < 20; i++) {
            ClusterMessaging.of(late.memberlist()).broadcast("news", JavaNode.utf8("m" + i));
            Thread.sleep(500);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).hasSize(20));
        for (GoNode node : List.of(go, go2)) {
            // Three Java members, and at most three digests from each.
            assertThat(node.events().stream().filter(event("clusterInventory"))).hasSizeLessThanOrEqualTo(9);
        }
    }

    private static Predicate<JsonNode> clusterMessage(String text) {
        return event("clusterMessage")
                .and(event -> event.path("text").asString("").equals(text));
    }
}
