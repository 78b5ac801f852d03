package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static io.memberlist.messaging.RecordingSubscriber.messaging;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Broadcasts in whole clusters, in virtual time. */
class BroadcastScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(11, RecordingSubscriber::messaging);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void reachesEverybodyOnceAndTheOriginToo() {
        List<Memberlist> members = cluster.startJoined(20, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        MessageId id = cluster.await(ClusterMessaging.of(members.get(3))
                .broadcast("news", bytes("hello"), Map.of("traceparent", "00-1-2-01")));
        cluster.run(Duration.ofSeconds(10));

        assertThat(inboxes)
                .allSatisfy(inbox -> assertThat(inbox.messages())
                        .singleElement()
                        .satisfies(message -> {
                            assertThat(message.id()).isEqualTo(id);
                            assertThat(message.origin()).isEqualTo("node-3");
                            assertThat(message.topic()).isEqualTo("news");
                            assertThat(message.payloadText()).isEqualTo("hello");
                            assertThat(message.headers()).containsOnly(Map.entry("traceparent", "00-1-2-01"));
                            assertThat(message.order()).isEqualTo(1);
                            assertThat(message.kind()).isEqualTo(MessageKind.BROADCAST);
                            assertThat(message.late()).isFalse();
                        }));
        assertThat(inboxes.get(3).messages().get(0).arrival()).isEqualTo(Arrival.LOCAL);
        assertThat(inboxes.get(4).messages().get(0).arrival()).isEqualTo(Arrival.PACKET);
    }

    @Test
    void takesNoLongerThanOnePacketWhereNothingIsLost() {
        List<Memberlist> members = cluster.startJoined(100, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("hello"));
        Duration took = cluster.time()
                .runUntil("everybody has it", Duration.ofSeconds(5), () -> RecordingSubscriber.allHave(inboxes, 1));

        assertThat(took).isLessThan(Duration.ofMillis(10));
    }

    @Test
    void reachesEverybodyThroughATreeInALargerCluster() {
        List<Memberlist> members = cluster.startJoined(60, config -> messaging(config, m -> m.directTargets(4)));
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("hello"));
        Duration took = cluster.time()
                .runUntil("everybody has it", Duration.ofSeconds(5), () -> RecordingSubscriber.allHave(inboxes, 1));
        cluster.run(Duration.ofSeconds(10));

        assertThat(took).isLessThan(Duration.ofMillis(20));
        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.count()).isEqualTo(1));
    }

    @Test
    void reachesEverybodyInOrderThoughAFifthOfAllPacketsIsLost() {
        List<Memberlist> members = cluster.startJoined(30, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        cluster.network().loss(0.2);

        List<String> sent = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
        for (String text : sent) {
            ClusterMessaging.of(members.get(0)).broadcast("news", bytes(text));
            cluster.run(Duration.ofMillis(10));
        }
        cluster.runUntil("everybody has them", () -> RecordingSubscriber.allHave(inboxes, 100));
        cluster.run(Duration.ofSeconds(10));

        assertThat(inboxes).extracting(RecordingSubscriber::texts).containsOnly(sent);
        assertThat(members).allSatisfy(member -> assertThat(member.numMembers()).isEqualTo(30));
    }

    @Test
    void reachesTheOtherHalfWhenAPartitionHeals() {
        List<Memberlist> members = cluster.startJoined(10, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        List<Memberlist> left = members.subList(0, 5);
        cluster.network()
                .cut((from, to) -> left.stream()
                                .anyMatch(m -> m.localMember().address().equals(from))
                        != left.stream().anyMatch(m -> m.localMember().address().equals(to)));
        cluster.run(Duration.ofSeconds(60));
        for (int i = 0; i < 50; i++) {
            ClusterMessaging.of(members.get(0)).broadcast("left", bytes("l" + i));
            ClusterMessaging.of(members.get(9)).broadcast("right", bytes("r" + i));
            cluster.run(Duration.ofMillis(20));
        }
        assertThat(inboxes.get(1).texts("right")).isEmpty();

        cluster.network().heal();
        cluster.runUntil("everybody has all", () -> RecordingSubscriber.allHave(inboxes, 100));
        cluster.run(Duration.ofSeconds(10));

        assertThat(inboxes).allSatisfy(inbox -> {
            assertThat(inbox.texts("left")).hasSize(50).doesNotHaveDuplicates();
            assertThat(inbox.texts("right")).hasSize(50).doesNotHaveDuplicates();
        });
    }

    @Test
    void reachesTheOnlyOtherMemberWhenItComesBack() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("before")));
        cluster.run(Duration.ofSeconds(10));

        cluster.isolate(members.get(1));
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("meanwhile")));
        cluster.run(Duration.ofSeconds(60));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes)
                .allSatisfy(inbox -> assertThat(inbox.texts())
                        .filteredOn("meanwhile"::equals)
                        .hasSize(2));
    }

    @Test
    void reachesTheOnlyOtherMemberThoughTheFirstMessageIsLost() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        cluster.isolate(members.get(1));
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("meanwhile")));
        cluster.run(Duration.ofSeconds(60));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).hasSize(2));
    }

    @Test
    void whoBroadcastsButAnswersNoDigestIsLeftAlone() {
        Memberlist member = cluster.start("member");
        Memberlist silent = cluster.start("silent", config -> config.extensions(List.of()));
        cluster.await(silent.join(VirtualCluster.addressOf(member)));
        int[] digests = new int[1];
        cluster.network().faults(new LinkFaults() {
            @Override
            public List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
                boolean isDigest = new String(packet, StandardCharsets.ISO_8859_1).contains("mlcm\1\6");
                digests[0] += isDigest ? 1 : 0;
                return List.of(new Arrival(0, packet));
            }
        });
        for (int i = 1; i <= 20; i++) {
            byte[] message = EnvelopeFormat.message(
                    EnvelopeFormat.BROADCAST, new Origin("silent", 7), 0, "t", Map.of(), bytes("x"));
            EnvelopeFormat.numbered(message, 0, i, i);
            cluster.await(silent.sendBestEffort(member.localMember(), message));
            cluster.run(Duration.ofSeconds(5));
        }

        assertThat(ClusterMessaging.of(member).statistics().received()).isEqualTo(20);
        assertThat(digests[0]).isBetween(1, 6);
    }

    @Test
    void givesARestartedMemberWhatIsInMemory() {
        List<Memberlist> members = cluster.startJoined(8, config -> config);
        for (int i = 0; i < 20; i++) {
            ClusterMessaging.of(members.get(0)).broadcast("news", bytes("m" + i));
        }
        cluster.run(Duration.ofSeconds(5));
        cluster.crash(members.get(7));
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("meanwhile"));
        cluster.run(Duration.ofSeconds(60));

        Memberlist again = cluster.start("node-7");
        RecordingSubscriber inbox = new RecordingSubscriber(again);
        cluster.await(again.join(VirtualCluster.addressOf(members.get(0))));
        cluster.runUntil("it has what it missed", () -> inbox.count() == 21);

        assertThat(inbox.texts()).doesNotHaveDuplicates().contains("meanwhile", "m0", "m19");
    }

    @Test
    void givesANewcomerNothingWhereNothingIsKept() {
        List<Memberlist> members = cluster.startJoined(4, config -> messaging(config, m -> m.storeAge(Duration.ZERO)));
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("before"));
        cluster.run(Duration.ofSeconds(5));

        Memberlist newcomer = cluster.start("newcomer");
        RecordingSubscriber inbox = new RecordingSubscriber(newcomer);
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(30));
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("after"));
        cluster.run(Duration.ofSeconds(5));

        assertThat(inboxes).allSatisfy(other -> assertThat(other.texts()).containsExactly("before", "after"));
        assertThat(inbox.texts()).containsExactly("after");
    }

    @Test
    void givesANewcomerNoHistoryOfTopicsThatAreNewsOnly() {
        UnaryOperator<MemberlistConfigBuilder> newsOnly =
                config -> messaging(config, m -> m.topicsWithoutHistory(Set.of("news")));
        List<Memberlist> members = cluster.startJoined(4, newsOnly);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("before"));
        ClusterMessaging.of(members.get(0)).broadcast("facts", bytes("kept"));
        cluster.run(Duration.ofSeconds(5));

        Memberlist newcomer = cluster.start("newcomer", newsOnly);
        RecordingSubscriber inbox = new RecordingSubscriber(newcomer);
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(30));
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("after"));
        cluster.run(Duration.ofSeconds(5));
        // What a member misses while it lives is no history.
        cluster.isolate(newcomer);
        ClusterMessaging.of(members.get(0)).broadcast("news", bytes("missed"));
        cluster.run(Duration.ofSeconds(10));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes)
                .allSatisfy(other -> assertThat(other.texts()).containsExactly("before", "kept", "after", "missed"));
        assertThat(inbox.texts()).containsExactly("kept", "after", "missed");
    }

    @Test
    void aRestartedOriginIsHeardAgain() {
        List<Memberlist> members = cluster.startJoined(4, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members.subList(0, 3));
        ClusterMessaging.of(members.get(3)).broadcast("news", bytes("first life"));
        cluster.run(Duration.ofSeconds(1));
        cluster.crash(members.get(3));
        cluster.run(Duration.ofSeconds(60));

        Memberlist again = cluster.start("node-3");
        cluster.await(again.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(5));
        ClusterMessaging.of(again).broadcast("news", bytes("second life"));
        cluster.run(Duration.ofSeconds(5));

        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).containsExactly("first life", "second life"));
    }

    @Test
    void aLargeOneGoesOverStreamsAndWhatIsSentAfterItComesAfterIt() {
        List<Memberlist> members = cluster.startJoined(20, config -> config.compression(c -> c.enabled(false)));
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        byte[] payload = new byte[200_000];
        new Random(1).nextBytes(payload);

        ClusterMessaging.of(members.get(0)).broadcast("files", payload);
        ClusterMessaging.of(members.get(0)).broadcast("files", bytes("after"));
        cluster.runUntil("everybody has both", () -> RecordingSubscriber.allHave(inboxes, 2));
        cluster.run(Duration.ofSeconds(5));

        assertThat(inboxes).allSatisfy(inbox -> {
            assertThat(inbox.messages()).hasSize(2);
            assertThat(inbox.messages().get(0).payload()).isEqualTo(payload);
            assertThat(inbox.messages().get(1).payloadText()).isEqualTo("after");
        });
        assertThat(members.get(0).statistics().streamsOpened()).isLessThan(60);
    }
}
