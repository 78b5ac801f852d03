package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static io.memberlist.messaging.RecordingSubscriber.messaging;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.broadcast.HoldBack;
import io.memberlist.messaging.envelope.Bundle;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.messaging.repair.IdWindow;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Envelopes that are wrong, old, duplicated, forged or too many. */
class HostileEnvelopeScenarioTest {
    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.9.9.9", 7946);
    private static final byte USER = 8;

    private final VirtualCluster cluster = new VirtualCluster(13, RecordingSubscriber::messaging);
    private final List<byte[]> raw = new ArrayList<>();
    private Memberlist member;
    private @Nullable Memberlist stranger;
    private RecordingSubscriber inbox;

    @BeforeEach
    void aMember() {
        member = cluster.start("member", config -> config.delegates(d -> d.message(raw::add)));
        inbox = new RecordingSubscriber(member);
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private void inject(byte[] payload) {
        byte[] packet =
                ByteBuffer.allocate(1 + payload.length).put(USER).put(payload).array();
        cluster.network().deliver(STRANGER, member.localMember().address(), packet);
        cluster.run(Duration.ofMillis(4));
    }

    private void stream(byte[] payload) {
        if (stranger == null) {
            stranger = cluster.start("stranger", config -> config.extensions(List.of()));
        }
        cluster.await(stranger.sendReliable(member.localMember(), payload));
        cluster.run(Duration.ofMillis(4));
    }

    private static byte[] broadcast(Origin origin, long number, String text) {
        byte[] message = EnvelopeFormat.message(
                EnvelopeFormat.BROADCAST, origin, 1_767_225_600_000L, "t", Map.of("k", "v"), bytes(text));
        EnvelopeFormat.numbered(message, 0, number, number);
        return message;
    }

    private Map<String, Long> drops() {
        return ClusterMessaging.of(member).statistics().drops();
    }

    @Test
    void payloadsWithoutTheEnvelopeAreTheApplications() {
        inject(bytes("plain"));
        inject(new byte[0]);
        inject(new byte[] {(byte) 0xf5, 'm', 'l', 'c'});

        assertThat(raw).hasSize(3).first().isEqualTo(bytes("plain"));
        assertThat(inbox.messages()).isEmpty();
    }

    @Test
    void anotherVersionIsDroppedAndCountedNotDeliveredAsRaw() {
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        message[EnvelopeFormat.VERSION_AT] = 2;
        inject(message);
        byte[] unknownKind = broadcast(new Origin("x", 1), 1, "hello");
        unknownKind[EnvelopeFormat.KIND_AT] = 99;
        inject(unknownKind);

        assertThat(drops()).containsEntry("version", 2L);
        assertThat(raw).isEmpty();
        assertThat(inbox.messages()).isEmpty();
    }

    @Test
    void everyTruncationIsMalformed() {
        byte[] whole = broadcast(new Origin("x", 1), 1, "hello");
        for (int length = EnvelopeFormat.MAGIC.length; length < whole.length; length++) {
            inject(java.util.Arrays.copyOf(whole, length));
        }

        assertThat(drops()).containsEntry("malformed", (long) whole.length - EnvelopeFormat.MAGIC.length);
        assertThat(inbox.messages()).isEmpty();
        assertThat(raw).isEmpty();
    }

    @Test
    void anyDamageIsSurvived() {
        Random random = new Random(5);
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        byte[] digest = new Inventory(
                        EnvelopeFormat.DIGEST,
                        new Origin("member", 3),
                        true,
                        List.of(new Inventory.Entry(new Origin("x", 1), List.of(new Inventory.Run(1, 9)))))
                .toBytes();
        for (int i = 0; i < 4000; i++) {
            byte[] damaged = (i % 2 == 0 ? message : digest).clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                damaged[EnvelopeFormat.MAGIC.length + random.nextInt(damaged.length - EnvelopeFormat.MAGIC.length)] =
                        (byte) random.nextInt(256);
            }
            inject(damaged);
        }
        cluster.run(Duration.ofSeconds(5));

        assertThat(raw).isEmpty();
        assertThat(member.isRunning()).isTrue();
    }

    @Test
    void aForgedLengthIsRefused() {
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        ByteBuffer.wrap(message).putInt(message.length - 5 - 4, 0x7fffffff);
        inject(message);
        byte[] origin = broadcast(new Origin("x", 1), 1, "hello");
        ByteBuffer.wrap(origin).putShort(EnvelopeFormat.ORIGIN_AT, (short) 0xffff);
        inject(origin);

        assertThat(drops()).containsEntry("malformed", 1L).containsEntry("too_large", 1L);
    }

    @Test
    void whatIsWrongInABundleCostsNothingElse() {
        byte[] broken = broadcast(new Origin("x", 1), 1, "broken");
        broken[broken.length - 7] ^= 1;
        stream(Bundle.of(
                List.of(broadcast(new Origin("x", 1), 2, "one"), broken, broadcast(new Origin("x", 1), 3, "two"))));
        cluster.run(Duration.ofSeconds(2));

        assertThat(inbox.texts()).containsExactly("one", "two");
        assertThat(drops()).containsEntry("malformed", 1L);
    }

    @Test
    void aBundleOfAnythingElseIsRefused() {
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        byte[] digest = new Inventory(EnvelopeFormat.DIGEST, new Origin("x", 1), true, List.of()).toBytes();
        stream(Bundle.of(List.of(message, Bundle.of(List.of(message)))));
        stream(Bundle.of(List.of(message, digest)));
        stream(Bundle.of(List.of(message, bytes("raw"))));
        byte[] forged = Bundle.of(List.of(message));
        ByteBuffer.wrap(forged).putInt(EnvelopeFormat.FLAGS_AT + 1, 0xffffffff);
        stream(forged);
        // Packets cost their sender almost nothing.
        inject(Bundle.of(List.of(message)));

        assertThat(inbox.texts()).isEmpty();
        assertThat(raw).isEmpty();
        assertThat(drops()).containsEntry("malformed", 5L);
    }

    @Test
    void aDuplicateIsDeliveredOnce() {
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        inject(message);
        inject(message);

        assertThat(inbox.texts()).containsExactly("hello");
        assertThat(drops()).containsEntry("duplicate", 1L);
    }

    @Test
    void whatIsTooOldIsDropped() {
        byte[] message = broadcast(new Origin("x", 1), 1, "hello");
        ByteBuffer.wrap(message).putInt(EnvelopeFormat.AGE_AT, 5 * 60 * 1000 + 1);
        inject(message);

        assertThat(inbox.messages()).isEmpty();
        assertThat(drops()).containsEntry("expired", 1L);
    }

    @Test
    void itsOwnMessageComeBackIsALoop() {
        ClusterMessaging.of(member).broadcast("t", bytes("mine"));
        cluster.run(Duration.ofMillis(10));
        Origin self = new Origin("member", inbox.messages().get(0).id().instance());
        inject(broadcast(self, 1, "mine"));
        inject(broadcast(self, 2, "forged"));

        assertThat(inbox.texts()).containsExactly("mine");
        assertThat(drops()).containsEntry("loop", 2L);
    }

    @Test
    void withoutHopsItIsNotPassedOn() {
        byte[] last = broadcast(new Origin("x", 1), 1, "last");
        last[EnvelopeFormat.HOPS_AT] = 0;
        inject(last);
        assertThat(ClusterMessaging.of(member).statistics().relayed()).isZero();
        inject(broadcast(new Origin("x", 1), 2, "passed on"));

        assertThat(inbox.texts()).containsExactly("last", "passed on");
        assertThat(ClusterMessaging.of(member).statistics().relayed()).isEqualTo(1);
    }

    @Test
    void whatHasComeBeforeIsPassedOnToThoseItIsSentForAllTheSameButOnce() {
        List<Memberlist> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Memberlist other = cluster.start("other-" + i);
            cluster.await(other.join(VirtualCluster.addressOf(member)));
            others.add(other);
        }
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(others);
        cluster.runUntil("all see all", () -> VirtualCluster.allSee(others, 6));
        byte[] repaired = EnvelopeFormat.passedOn(
                broadcast(new Origin("x", 1), 1, "hello"), EnvelopeFormat.REPAIR, 0, 0, HashRange.NONE);
        byte[] forAll = EnvelopeFormat.passedOn(repaired, 0, 16, 0, HashRange.ALL);

        inject(repaired);
        assertThat(inboxes).allMatch(inbox -> inbox.messages().isEmpty());
        inject(forAll);
        cluster.run(Duration.ofMillis(10));
        assertThat(inboxes).allMatch(inbox -> inbox.texts().equals(List.of("hello")));

        for (int i = 0; i < 20; i++) {
            inject(forAll);
        }
        assertThat(drops().get("duplicate")).isGreaterThan(20);
        assertThat(others)
                .allSatisfy(other -> assertThat(
                                ClusterMessaging.of(other).statistics().drops().getOrDefault("duplicate", 0L))
                        .isLessThan(20));
    }

    @Test
    void aFloodOfFreshOriginsIsBoundedAndPushesOutNoMember() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        ClusterMessaging.of(other).broadcast("t", bytes("real"));
        cluster.run(Duration.ofSeconds(1));
        byte[] real = broadcast(new Origin("other", inbox.messages().get(0).id().instance()), 1, "again");

        for (int i = 0; i < 3000; i++) {
            inject(broadcast(new Origin("x" + i, i), Long.MAX_VALUE - i, "flood"));
        }
        inject(real);

        MessagingStatistics statistics = ClusterMessaging.of(member).statistics();
        assertThat(statistics.origins()).isLessThanOrEqualTo(1024);
        assertThat(statistics.storedBytes()).isLessThanOrEqualTo(16 * 1024 * 1024);
        assertThat(statistics.held()).isLessThanOrEqualTo(4096);
        assertThat(inbox.texts()).doesNotContain("again");
    }

    @Test
    void aFloodOfLivesOfOneMemberPushesOutNoOther() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        Memberlist third = cluster.start("third");
        cluster.await(third.join(VirtualCluster.addressOf(member)));
        ClusterMessaging.of(third).broadcast("t", bytes("real"));
        cluster.run(Duration.ofSeconds(1));
        byte[] real = broadcast(new Origin("third", inbox.messages().get(0).id().instance()), 1, "again");

        for (int i = 0; i < 1100; i++) {
            inject(broadcast(new Origin("other", 1000 + i), 1, "flood"));
        }
        inject(real);

        assertThat(ClusterMessaging.of(member).statistics().origins()).isLessThan(20);
        assertThat(inbox.texts()).doesNotContain("again");
    }

    @Test
    void aForgedNumberShutsNoOriginOut() {
        Origin real = new Origin("x", 1);
        inject(broadcast(real, 1, "one"));
        for (int i = 0; i < 10; i++) {
            byte[] forged = broadcast(real, 1L << 40 + i, "forged");
            ByteBuffer.wrap(forged).putLong(EnvelopeFormat.ORDER_AT, 1000);
            inject(forged);
        }
        inject(broadcast(real, 2, "two"));
        inject(broadcast(real, 2, "two"));
        inject(broadcast(real, 1, "one"));
        cluster.run(Duration.ofSeconds(2));

        assertThat(inbox.texts()).containsOnlyOnce("one").containsOnlyOnce("two");
    }

    @Test
    void aWalkOfForgedNumbersShutsNoOriginOut() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        ClusterMessaging.of(other).broadcast("t", bytes("first"));
        cluster.run(Duration.ofSeconds(1));
        Origin real = new Origin("other", inbox.messages().get(0).id().instance());
        // Each is close enough to the previous ones to count as one of them.
        inject(broadcast(real, 60_000, "forged"));
        inject(broadcast(real, 125_000, "forged"));
        for (int i = 0; i < 100; i++) {
            ClusterMessaging.of(other).broadcast("t2", bytes("real " + i));
        }
        cluster.run(Duration.ofSeconds(5));

        assertThat(inbox.texts("t2")).hasSize(100);
    }

    @Test
    void oneMessageAfterTheOtherThatComesBeforeKeepsNoneWaitingForLong() {
        inject(withOrder(200, "last"));
        for (int order = 199; order > 190; order--) {
            cluster.run(Duration.ofMillis(400));
            inject(withOrder(order, "" + order));
        }

        // Its second is long over, and so is that of the previous ones.
        assertThat(inbox.texts()).contains("last", "199", "198", "197");
    }

    private static byte[] withOrder(int order, String text) {
        byte[] message = broadcast(new Origin("x", 1), order, text);
        EnvelopeFormat.numbered(message, 0, order, order);
        return message;
    }

    @Test
    void messagesThatClaimTheSameTurnLeaveRoomForOthers() {
        Origin forger = new Origin("x", 1);
        inject(broadcast(forger, 1, "one"));
        for (int number = 3; number < 203; number++) {
            byte[] forged = broadcast(forger, number, "n" + number);
            ByteBuffer.wrap(forged).putLong(EnvelopeFormat.ORDER_AT, 9);
            inject(forged);
        }
        cluster.run(Duration.ofSeconds(2));

        assertThat(inbox.messages()).hasSize(201);
        assertThat(ClusterMessaging.of(member).statistics().held()).isZero();
    }

    @Test
    void theLastOfAllTurnsLeavesRoomForOthers() {
        HoldBack holdBack = new HoldBack(
                new VirtualEventLoop(cluster.time(), 1),
                Long.MAX_VALUE / 4,
                Long.MAX_VALUE / 4,
                new MessagingCounters(),
                (envelope, arrival, late) -> {});
        IdWindow gap = new IdWindow(1);
        gap.add(1);
        for (int i = 0; i <= 8192; i++) {
            Origin origin = new Origin("x", i);
            holdBack.accept(EnvelopeFormat.readOwn(broadcast(origin, 1, "")), Arrival.PACKET, gap);
            if (i == 0) {
                byte[] last = broadcast(origin, 3, "");
                ByteBuffer.wrap(last).putLong(EnvelopeFormat.ORDER_AT, Long.MAX_VALUE);
                holdBack.accept(EnvelopeFormat.readOwn(last), Arrival.PACKET, gap);
                assertThat(holdBack.held()).isEqualTo(1);
            }
        }

        assertThat(holdBack.held()).isZero();
    }

    @Test
    void runsOfADigestAreInOrderAndShareNoNumber() {
        inject(new Inventory(
                        EnvelopeFormat.DIGEST,
                        new Origin("x", 3),
                        false,
                        List.of(new Inventory.Entry(
                                new Origin("y", 1), List.of(new Inventory.Run(1, 9), new Inventory.Run(1, 9)))))
                .toBytes());

        assertThat(drops()).containsEntry("malformed", 1L);
    }

    @Test
    void aFloodOfDigestsIsNotAnsweredManyTimesAsLong() {
        Memberlist victim = cluster.start("victim");
        cluster.await(victim.join(VirtualCluster.addressOf(member)));
        for (int i = 0; i < 300; i++) {
            inject(broadcast(new Origin("x" + i, i), 1, "kept"));
        }
        byte[] digest = new Inventory(EnvelopeFormat.DIGEST, new Origin("victim", 3), true, List.of()).toBytes();
        byte[] packet =
                ByteBuffer.allocate(1 + digest.length).put(USER).put(digest).array();
        long before = member.statistics().packetsSent();
        for (int i = 0; i < 1000; i++) {
            cluster.network().deliver(STRANGER, member.localMember().address(), packet);
        }
        cluster.run(Duration.ofSeconds(1));

        assertThat(member.statistics().packetsSent() - before).isLessThan(100);
    }

    @Test
    void requestsOfOneWhoTakesNoAnswersAreBounded() {
        Memberlist asker = cluster.start("asker");
        cluster.await(asker.join(VirtualCluster.addressOf(member)));
        InetSocketAddress there = asker.localMember().address();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return to.equals(there) ? StreamFate.STALLS : StreamFate.PASSES;
            }
        });
        for (int number = 1; number <= 2000; number++) {
            byte[] request = EnvelopeFormat.message(
                    EnvelopeFormat.REQUEST, new Origin("asker", 7), 0, "nobody answers", Map.of(), new byte[0]);
            EnvelopeFormat.numbered(request, 0, number, 0);
            stream(request);
        }

        assertThat(drops().get("outgoing_full")).isGreaterThan(500);
    }

    @Test
    void theStoreKeepsItsBoundAndForgetsWithAge() {
        Memberlist small = cluster.start(
                "small", config -> messaging(config, m -> m.storeSize(10_000).storeAge(Duration.ofSeconds(30))));
        for (int i = 0; i < 1000; i++) {
            ClusterMessaging.of(small).broadcast("t", new byte[100]);
        }
        cluster.run(Duration.ofMillis(10));
        assertThat(ClusterMessaging.of(small).statistics().storedBytes()).isBetween(5_000L, 10_000L);

        cluster.run(Duration.ofSeconds(60));
        ClusterMessaging.of(small).broadcast("t", new byte[1]);
        cluster.run(Duration.ofMillis(10));

        assertThat(ClusterMessaging.of(small).statistics().stored()).isEqualTo(1);
    }

    @Test
    void whoOffersAllAndGivesNothingKeepsNobodyFromGettingItElsewhere() {
        Memberlist honest = cluster.start("honest");
        Memberlist liar = cluster.start("liar", config -> config.extensions(List.of()));
        cluster.await(honest.join(VirtualCluster.addressOf(member)));
        cluster.await(liar.join(VirtualCluster.addressOf(member)));
        InetSocketAddress from = honest.localMember().address();
        cluster.network().cut((one, other) -> one.equals(from));
        List<CompletableFuture<MessageId>> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add(ClusterMessaging.of(honest).broadcast("t", bytes("m" + i)));
        }
        cluster.run(Duration.ofMillis(100));
        cluster.network().cut((one, other) -> false);
        byte[] offer = new Inventory(
                        EnvelopeFormat.DIGEST,
                        new Origin("liar", 3),
                        false,
                        List.of(new Inventory.Entry(
                                new Origin("honest", sent.get(0).join().instance()),
                                List.of(new Inventory.Run(1, 50)))))
                .toBytes();
        for (int i = 0; i < 1500; i++) {
            inject(offer);
        }

        assertThat(inbox.count()).isEqualTo(50);
    }

    @Test
    void aDigestOfWhatNobodyHasAsksForLittle() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        long before = member.statistics().packetsSent();
        Inventory forged = new Inventory(
                EnvelopeFormat.DIGEST,
                new Origin("other", 9),
                true,
                List.of(new Inventory.Entry(new Origin("y", 1), List.of(new Inventory.Run(1, Long.MAX_VALUE)))));
        inject(forged.toBytes());
        cluster.run(Duration.ofSeconds(10));

        assertThat(member.statistics().packetsSent() - before).isLessThan(60);
        assertThat(ClusterMessaging.of(member).statistics().origins()).isZero();
    }
}
