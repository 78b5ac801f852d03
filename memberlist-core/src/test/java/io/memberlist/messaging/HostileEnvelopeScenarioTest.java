package io.memberlist.messaging;

import static io.memberlist.messaging.Inbox.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Envelopes that are wrong, old, doubled, forged or far too many. */
class HostileEnvelopeScenarioTest {
    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.9.9.9", 7946);
    private static final byte USER = 8;

    private final VirtualCluster cluster = new VirtualCluster(13);
    private final List<byte[]> raw = new ArrayList<>();
    private Memberlist member;
    private Inbox inbox;

    @BeforeEach
    void aMember() {
        member = cluster.start("member", config -> config.messageDelegate(raw::add));
        inbox = new Inbox(member);
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private void inject(byte[] payload) {
        byte[] packet =
                ByteBuffer.allocate(1 + payload.length).put(USER).put(payload).array();
        cluster.network().inject(STRANGER, member.localMember().address(), packet);
        cluster.run(Duration.ofMillis(4));
    }

    private static byte[] broadcast(Origin origin, long number, String text) {
        byte[] message = EnvelopeFormat.message(
                EnvelopeFormat.BROADCAST, origin, 1_767_225_600_000L, "t", Map.of("k", "v"), bytes(text));
        EnvelopeFormat.numbered(message, 0, number, number);
        return message;
    }

    private Map<String, Long> drops() {
        return member.messaging().statistics().drops();
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
                        List.of(new Inventory.Entry(new Origin("x", 1), List.of(new NumberSet.Run(1, 9)))))
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
        member.messaging().broadcast("t", bytes("mine"));
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
        assertThat(member.messaging().statistics().relayed()).isZero();
        inject(broadcast(new Origin("x", 1), 2, "passed on"));

        assertThat(inbox.texts()).containsExactly("last", "passed on");
        assertThat(member.messaging().statistics().relayed()).isEqualTo(1);
    }

    @Test
    void aFloodOfFreshOriginsIsBoundedAndPushesOutNoMember() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        other.messaging().broadcast("t", bytes("real"));
        cluster.run(Duration.ofSeconds(1));
        byte[] real = broadcast(new Origin("other", inbox.messages().get(0).id().instance()), 1, "again");

        for (int i = 0; i < 3000; i++) {
            inject(broadcast(new Origin("x" + i, i), Long.MAX_VALUE - i, "flood"));
        }
        inject(real);

        MessagingStatistics statistics = member.messaging().statistics();
        assertThat(statistics.origins()).isLessThanOrEqualTo(1024);
        assertThat(statistics.storedBytes()).isLessThanOrEqualTo(16 * 1024 * 1024);
        assertThat(statistics.held()).isLessThanOrEqualTo(4096);
        assertThat(inbox.texts()).doesNotContain("again");
    }

    @Test
    void theStoreKeepsItsBoundAndForgetsWithAge() {
        Memberlist small = cluster.start(
                "small", config -> config.messagingStoreSize(10_000).messagingStoreAge(Duration.ofSeconds(30)));
        for (int i = 0; i < 1000; i++) {
            small.messaging().broadcast("t", new byte[100]);
        }
        cluster.run(Duration.ofMillis(10));
        assertThat(small.messaging().statistics().storedBytes()).isBetween(5_000L, 10_000L);

        cluster.run(Duration.ofSeconds(60));
        small.messaging().broadcast("t", new byte[1]);
        cluster.run(Duration.ofMillis(10));

        assertThat(small.messaging().statistics().stored()).isEqualTo(1);
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
                List.of(new Inventory.Entry(new Origin("y", 1), List.of(new NumberSet.Run(1, Long.MAX_VALUE)))));
        inject(forged.toBytes());
        cluster.run(Duration.ofSeconds(10));

        assertThat(member.statistics().packetsSent() - before).isLessThan(60);
        assertThat(member.messaging().statistics().origins()).isZero();
    }
}
