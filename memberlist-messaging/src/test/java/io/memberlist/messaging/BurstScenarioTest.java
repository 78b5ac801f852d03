package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static io.memberlist.messaging.RecordingSubscriber.messaging;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bursts of broadcasts that come faster than handlers can take them, in virtual time. */
class BurstScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(31, RecordingSubscriber::messaging);
    private final List<String> received = new ArrayList<>();
    private int late;

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    /** Subscribes a handler that takes some time for every 64 messages. */
    private Subscription slow(Memberlist member, String topic, Duration each64) {
        return ClusterMessaging.of(member)
                .subscribe(
                        topic,
                        message -> {
                            received.add(message.payloadText());
                            late += message.late() ? 1 : 0;
                        },
                        task -> cluster.time().schedule(each64.toNanos(), task));
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    /** The first one goes ahead: who meets a topic in its middle does not wait for what was before. */
    private List<CompletableFuture<MessageId>> burst(Memberlist from, String topic, List<String> texts) {
        List<CompletableFuture<MessageId>> sent = new ArrayList<>();
        for (String text : texts) {
            sent.add(ClusterMessaging.of(from).broadcast(topic, bytes(text)));
            if (sent.size() == 1) {
                cluster.run(Duration.ofSeconds(1));
            }
        }
        return sent;
    }

    private static long succeeded(List<CompletableFuture<MessageId>> sent) {
        return sent.stream()
                .filter(one -> one.isDone() && !one.isCompletedExceptionally())
                .count();
    }

    @Test
    void aBurstOfTwentyThousandPassesWithTheDefaults() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        slow(members.get(1), "t", Duration.ofMillis(6));

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(20_000));
        cluster.run(Duration.ofSeconds(60));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(received).hasSize(20_000).doesNotHaveDuplicates();
        assertThat(ClusterMessaging.of(members.get(1)).statistics().drops()).doesNotContainKey("incoming_full");
    }

    @Test
    void whatAFullQueueDoesNotTakeComesWhenThereIsRoom() {
        List<Memberlist> members = cluster.startJoined(3, config -> messaging(config, m -> m.handlerQueueDepth(100)));
        Subscription slow = slow(members.get(1), "t", Duration.ofMillis(64));

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(3000));
        cluster.run(Duration.ofSeconds(60));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(received.size()).isEqualTo(3000);
        assertThat(received.equals(texts(3000))).as("in order").isTrue();
        assertThat(late).isZero();
        assertThat(slow.dropped()).isZero();
    }

    @Test
    void aProcessThatReplacesTheSenderOfABurstAsksOthersForItAndNotItself() {
        List<Memberlist> members = cluster.startJoined(3, config -> messaging(config, m -> m.handlerQueueDepth(100)));
        RecordingSubscriber.of(members.subList(1, 3));
        burst(members.get(0), "t", texts(1000));
        cluster.run(Duration.ofSeconds(5));
        cluster.crash(members.get(0));
        cluster.run(Duration.ofSeconds(20));
        List<InetSocketAddress> askedItself = new ArrayList<>();
        cluster.network().cutPackets((from, to) -> {
            if (from.equals(to)) {
                askedItself.add(from);
            }
            return false;
        });

        Memberlist next = cluster.start("node-0", config -> messaging(config, m -> m.handlerQueueDepth(100)));
        slow(next, "t", Duration.ofMillis(64));
        next.join(List.of(VirtualCluster.addressOf(members.get(1))));
        cluster.run(Duration.ofSeconds(20));

        assertThat(received).hasSize(1000).doesNotHaveDuplicates();
        assertThat(askedItself).isEmpty();
    }

    @Test
    void whoHasRoomForFewIsGivenThemOneAfterTheOtherThoughPacketsAreLost() {
        List<Memberlist> members = cluster.startJoined(2, config -> messaging(config, m -> m.handlerQueueDepth(1000)));
        burst(members.get(0), "t", texts(1000));
        cluster.run(Duration.ofSeconds(5));
        cluster.network().loss(0.05);

        Memberlist newcomer = cluster.start("newcomer", config -> messaging(config, m -> m.handlerQueueDepth(8)));
        slow(newcomer, "t", Duration.ofMillis(15));
        newcomer.join(List.of(VirtualCluster.addressOf(members.get(1))));
        cluster.run(Duration.ofSeconds(12));

        assertThat(received).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    void aSenderWaitsWhereItsStoreDoesNotHoldTheBurst() {
        List<Memberlist> members = cluster.startJoined(
                2, config -> messaging(config, m -> m.handlerQueueDepth(100).storeSize(100_000)));
        slow(members.get(1), "t", Duration.ofMillis(64));

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(4000));
        cluster.run(Duration.ofSeconds(60));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(received.size()).isEqualTo(4000);
        assertThat(received.equals(texts(4000))).as("in order").isTrue();
    }

    @Test
    void aBurstReachesEverybodyThoughPacketsAreLost() {
        List<Memberlist> members = cluster.startJoined(
                4, config -> messaging(config, m -> m.handlerQueueDepth(100).storeSize(200_000)));
        slow(members.get(1), "t", Duration.ofMillis(64));
        List<RecordingSubscriber> others = RecordingSubscriber.of(members.subList(2, 4));
        cluster.network().loss(0.2);

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(4000));
        cluster.run(Duration.ofSeconds(90));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(received).hasSize(4000).doesNotHaveDuplicates();
        assertThat(others).allSatisfy(inbox -> assertThat(inbox.count()).isEqualTo(4000));
    }

    @Test
    void aHandlerOfAnotherTopicDoesNotWait() {
        List<Memberlist> members = cluster.startJoined(2, config -> messaging(config, m -> m.handlerQueueDepth(100)));
        slow(members.get(1), "slow", Duration.ofMillis(640));
        List<String> quick = new ArrayList<>();
        ClusterMessaging.of(members.get(1)).subscribe("quick", message -> quick.add(message.payloadText()));
        cluster.network().loss(0.1);

        for (String text : texts(500)) {
            ClusterMessaging.of(members.get(0)).broadcast("slow", bytes(text));
            ClusterMessaging.of(members.get(0)).broadcast("quick", bytes(text));
        }
        cluster.run(Duration.ofSeconds(3));

        assertThat(quick).containsExactlyInAnyOrderElementsOf(texts(500));
        assertThat(received).hasSizeLessThan(500);
        cluster.run(Duration.ofSeconds(20));
        assertThat(received).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void aHandlerThatHangsIsNotWaitedForForEver() {
        List<Memberlist> members = cluster.startJoined(
                2, config -> messaging(config, m -> m.handlerQueueDepth(100).storeSize(100_000)));
        Subscription hanging = ClusterMessaging.of(members.get(1)).subscribe("t", message -> {}, task -> {});
        RecordingSubscriber other = new RecordingSubscriber(members.get(1));

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(3000));
        cluster.run(Duration.ofSeconds(60));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(other.count()).isEqualTo(3000);
        assertThat(hanging.waiting()).isBetween(100, 1000);
        assertThat(hanging.dropped()).isEqualTo(3000 - hanging.waiting());
        assertThat(ClusterMessaging.of(members.get(1)).statistics().drops())
                .containsEntry("incoming_full", hanging.dropped());
    }

    @Test
    void ownHandlersSlowASenderDown() {
        List<Memberlist> members = cluster.startJoined(2, config -> messaging(config, m -> m.handlerQueueDepth(100)));
        slow(members.get(0), "t", Duration.ofMillis(64));

        List<CompletableFuture<MessageId>> sent = burst(members.get(0), "t", texts(4000));
        cluster.run(Duration.ofSeconds(1));
        assertThat(succeeded(sent)).isLessThan(4000);
        cluster.run(Duration.ofSeconds(60));

        assertThat(succeeded(sent)).isEqualTo(sent.size());
        assertThat(received.size()).isEqualTo(4000);
        assertThat(received.equals(texts(4000))).as("in order").isTrue();
    }
}
