package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which members receive digests, in virtual time. */
class DigestScenarioTest {
    /** Two in packets and one over a stream. */
    private static final int MOST_DIGESTS_UNANSWERED = 3;

    private final VirtualCluster cluster = new VirtualCluster(12);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void aMemberThatNeverSendsADigestReceivesOnlyTheFirstFewForLife() {
        List<byte[]> raw = new ArrayList<>();
        Memberlist silent = cluster.start("silent", config -> config.delegates(d -> d.message(raw::add)));
        List<Memberlist> speaking = startSpeaking(3);
        speaking.forEach(member -> cluster.await(member.join(VirtualCluster.addressOf(silent))));
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(speaking);

        for (int minute = 0; minute < 120; minute++) {
            ClusterMessaging.of(speaking.get(minute % 3)).broadcast("news", bytes("m" + minute));
            // A new incarnation is not a new life.
            cluster.await(silent.updateMeta(bytes("tags of minute " + minute), Duration.ofSeconds(10)));
            cluster.run(Duration.ofMinutes(1));
        }

        assertThat(digests(raw)).isBetween(1L, (long) MOST_DIGESTS_UNANSWERED * speaking.size());
        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).hasSize(120));
    }

    @Test
    void aMemberThatOnlyGossipTellsOfReceivesNoFetch() {
        List<byte[]> raw = new ArrayList<>();
        Memberlist silent = cluster.start("silent", config -> config.delegates(d -> d.message(raw::add)));
        List<Memberlist> speaking = startSpeaking(2);
        speaking.forEach(member -> cluster.await(member.join(VirtualCluster.addressOf(silent))));
        RecordingSubscriber.of(speaking);
        // The origin is gone before anybody can ask it for what was lost.
        for (int i = 0; i < 10; i++) {
            boolean lost = i % 2 == 0;
            cluster.network().cutPackets((from, to) -> lost);
            ClusterMessaging.of(speaking.get(0)).broadcast("news", bytes("m" + i));
            cluster.run(Duration.ofMillis(1));
        }
        cluster.crash(speaking.get(0));
        cluster.run(Duration.ofMinutes(5));

        assertThat(kinds(raw, EnvelopeFormat.FETCH)).isZero();
    }

    @Test
    void twoMembersWhoseFirstDigestsWereLostFindOutAboutEachOther() {
        List<Memberlist> members = startSpeaking(2);
        cluster.await(members.get(1).join(VirtualCluster.addressOf(members.get(0))));
        // Stream pings keep both alive, but no packet arrives for so long that every digest in one is lost.
        cluster.network().cutPackets((from, to) -> true);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("first")));
        cluster.run(Duration.ofMinutes(20));
        assertThat(members).allSatisfy(member -> assertThat(member.numMembers()).isEqualTo(2));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("second")));
        cluster.network().cutPackets((from, to) -> true);
        cluster.run(Duration.ofMillis(50));
        members.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("lost")));
        cluster.run(Duration.ofMillis(50));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).contains("second", "lost"));
    }

    @Test
    void aMemberThatWasReplacedByOneWithoutTheLayerUnderItsNameSoonReceivesNone() {
        List<Memberlist> speaking = startSpeaking(3);
        speaking.forEach(member -> cluster.await(member.join(VirtualCluster.addressOf(speaking.get(0)))));
        RecordingSubscriber.of(speaking);
        speaking.forEach(member -> ClusterMessaging.of(member).broadcast("news", bytes("m")));
        cluster.run(Duration.ofMinutes(1));
        cluster.await(speaking.get(2).leave(Duration.ofSeconds(5)));
        cluster.await(speaking.get(2).shutdown());
        List<byte[]> raw = new ArrayList<>();
        Memberlist successor = cluster.start("speaking-2", config -> config.delegates(d -> d.message(raw::add)));
        cluster.await(successor.join(VirtualCluster.addressOf(speaking.get(0))));
        broadcastEachMinute(speaking.get(0), 20);
        long first = digests(raw);
        broadcastEachMinute(speaking.get(0), 20);

        assertThat(first).isLessThan(30);
        assertThat(digests(raw)).isEqualTo(first);
    }

    private void broadcastEachMinute(Memberlist origin, int minutes) {
        for (int i = 0; i < minutes; i++) {
            ClusterMessaging.of(origin).broadcast("news", bytes("m"));
            cluster.run(Duration.ofMinutes(1));
        }
    }

    private List<Memberlist> startSpeaking(int count) {
        List<Memberlist> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(cluster.start("speaking-" + i, RecordingSubscriber::messaging));
        }
        return started;
    }

    private static long digests(List<byte[]> payloads) {
        return kinds(payloads, EnvelopeFormat.DIGEST);
    }

    private static long kinds(List<byte[]> payloads, int kind) {
        return payloads.stream().filter(payload -> kind(payload) == kind).count();
    }

    private static int kind(byte[] payload) {
        try {
            return EnvelopeFormat.kind(payload);
        } catch (EnvelopeException e) {
            throw new AssertionError("not an envelope", e);
        }
    }
}
