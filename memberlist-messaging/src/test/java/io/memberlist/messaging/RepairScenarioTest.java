package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Repair of missed messages in difficult cases, in virtual time. */
class RepairScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(12, RecordingSubscriber::messaging);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void whatWasHeardWithManyHolesIsTaughtToOthers() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        RecordingSubscriber heard = new RecordingSubscriber(members.get(1));
        InetSocketAddress origin = members.get(0).localMember().address();
        // The origin crashes before any member could fetch the lost messages, which are every second one.
        for (int i = 0; i < 80; i++) {
            boolean lost = i % 2 == 1;
            cluster.network().cutPackets((from, to) -> lost && from.equals(origin));
            ClusterMessaging.of(members.get(0)).broadcast("news", bytes("m" + i));
            cluster.run(Duration.ofMillis(1));
        }
        cluster.crash(members.get(0));
        cluster.run(Duration.ofSeconds(60));
        List<String> known = IntStream.range(0, 40).mapToObj(i -> "m" + 2 * i).toList();
        assertThat(heard.texts()).hasSizeGreaterThanOrEqualTo(40).containsAll(known);

        Memberlist late = cluster.start("late");
        RecordingSubscriber told = new RecordingSubscriber(late);
        cluster.await(late.join(VirtualCluster.addressOf(members.get(1))));
        cluster.run(Duration.ofSeconds(90));

        assertThat(told.texts()).containsExactlyInAnyOrderElementsOf(heard.texts());
    }

    @Test
    void twoThatHeardNothingOfEachOtherInPacketsAtFirstFindOutLater() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        // Stream pings succeed, so that no member is suspected or has a new incarnation afterwards.
        cluster.network().cutPackets((from, to) -> true);
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("meanwhile")));
        cluster.run(Duration.ofSeconds(30));
        assertThat(members).allSatisfy(member -> assertThat(member.numMembers()).isEqualTo(2));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).hasSize(2));
    }

    @Test
    void whatIsTooLongForTheStreamsOfWhoKeepsItHoldsUpNothingElse() {
        Memberlist generous = cluster.start("generous", config -> config.network(n -> n.udpBufferSize(65507)));
        Memberlist keeper = cluster.start("keeper", config -> config.limits(l -> l.userMessageSize(16 * 1024)));
        Memberlist late = cluster.start("late");
        cluster.await(keeper.join(VirtualCluster.addressOf(generous)));
        cluster.await(late.join(VirtualCluster.addressOf(generous)));
        InetSocketAddress lateAt = late.localMember().address();
        InetSocketAddress generousAt = generous.localMember().address();
        cluster.network().cutPackets((from, to) -> to.equals(lateAt));
        for (int i = 0; i < 8; i++) {
            byte[] payload = new byte[30_000];
            new Random(i).nextBytes(payload);
            ClusterMessaging.of(generous).broadcast("news", payload);
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(ClusterMessaging.of(keeper).statistics().stored()).isEqualTo(8);
        cluster.network().cutPackets((from, to) -> from.equals(generousAt) && to.equals(lateAt));
        cluster.run(Duration.ofSeconds(40));
        assertThat(ClusterMessaging.of(keeper).statistics().repairsSent()).isPositive();

        Member to = keeper.member("late").orElseThrow();
        cluster.await(ClusterMessaging.of(keeper).send(to, "news", bytes("short"), Delivery.RELIABLE));
    }

    @Test
    void whoIsStartedAgainAndAgainIsHeardOnceEachTime() {
        List<Memberlist> members = cluster.startJoined(4, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        for (int life = 0; life < 12; life++) {
            Memberlist again = cluster.start("again");
            cluster.await(again.join(VirtualCluster.addressOf(members.get(0))));
            cluster.run(Duration.ofSeconds(2));
            ClusterMessaging.of(again).broadcast("t", bytes("life " + life));
            cluster.run(Duration.ofSeconds(1));
            cluster.await(again.leave(Duration.ofSeconds(5)));
            cluster.await(again.shutdown());
        }
        cluster.run(Duration.ofSeconds(60));

        assertThat(inboxes)
                .allSatisfy(inbox -> assertThat(inbox.texts()).hasSize(12).doesNotHaveDuplicates());
    }

    @Test
    void whatHasWaitedForOneLostPacketFindsRoomAtAHandlerThatKeepsUp() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        RecordingSubscriber heard = new RecordingSubscriber(members.get(1));
        Memberlist origin = members.get(0);
        cluster.network().cutPackets((from, to) -> true);
        ClusterMessaging.of(origin).broadcast("news", bytes("m0"));
        cluster.run(Duration.ofMillis(1));
        cluster.network().heal();
        // Faster than the lost one can be repaired.
        for (int i = 1; i < 2000; i++) {
            ClusterMessaging.of(origin).broadcast("news", bytes("m" + i));
            if (i % 50 == 0) {
                cluster.run(Duration.ofMillis(1));
            }
        }
        cluster.run(Duration.ofSeconds(10));

        assertThat(heard.texts())
                .containsExactlyElementsOf(
                        IntStream.range(0, 2000).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void aBurstThatTheOutgoingQueueTakesFitsTheOriginsOwnHandler() {
        Memberlist alone = cluster.start("alone");
        RecordingSubscriber own = new RecordingSubscriber(alone);
        for (int i = 0; i < 3000; i++) {
            ClusterMessaging.of(alone).broadcast("news", bytes("m" + i));
        }
        cluster.run(Duration.ofSeconds(1));

        assertThat(own.texts()).hasSize(3000).endsWith("m2999");
    }
}
