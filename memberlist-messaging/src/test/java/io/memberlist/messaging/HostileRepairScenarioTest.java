package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static io.memberlist.messaging.RecordingSubscriber.messaging;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.envelope.Proof;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What forged and recorded digests and fetches make a member send to a third one, and do. */
class HostileRepairScenarioTest {
    private static final byte USER = 8;
    private static final int STORED = 200;

    private final VirtualCluster cluster = new VirtualCluster(17, RecordingSubscriber::messaging);
    private Memberlist member;
    private Memberlist victim;
    private RecordingSubscriber inbox;
    private Origin origin;
    private Origin victimsLife;

    @BeforeEach
    void aPair() {
        member = cluster.start("member");
        victim = cluster.start("victim");
        cluster.await(victim.join(VirtualCluster.addressOf(member)));
        inbox = new RecordingSubscriber(victim);
        RecordingSubscriber own = new RecordingSubscriber(member);
        for (int i = 0; i < STORED; i++) {
            ClusterMessaging.of(member).broadcast("t", new byte[1000]);
        }
        ClusterMessaging.of(victim).broadcast("t", bytes("hello"));
        cluster.run(Duration.ofSeconds(60));
        origin = new Origin("member", inbox.messages().get(0).id().instance());
        long instance = own.messages().stream()
                .filter(message -> message.origin().equals("victim"))
                .findFirst()
                .orElseThrow()
                .id()
                .instance();
        victimsLife = new Origin("victim", instance);
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private void inject(InetSocketAddress from, byte[] payload) {
        inject(from, member.localMember().address(), payload);
    }

    private void inject(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        cluster.network()
                .deliver(
                        from,
                        to,
                        ByteBuffer.allocate(1 + payload.length)
                                .put(USER)
                                .put(payload)
                                .array());
    }

    private byte[] fetchOfAll(Proof proof) {
        return new Inventory(
                        EnvelopeFormat.FETCH,
                        victimsLife,
                        false,
                        List.of(new Inventory.Entry(origin, List.of(new Inventory.Run(1, STORED)))))
                .with(proof)
                .toBytes();
    }

    private long packets() {
        return member.statistics().packetsSent();
    }

    private long repairs() {
        return ClusterMessaging.of(member).statistics().repairsSent();
    }

    @Test
    void forgedFetchesMakeFewerPacketsThanTheyAre() {
        // Without, then with a proof that is guessed; also under the address of the member itself.
        for (Proof proof : List.of(Proof.NONE, new Proof(0, 1, Long.MAX_VALUE))) {
            long packetsBefore = packets();
            long repairsBefore = repairs();
            for (int i = 0; i < 250; i++) {
                inject(victim.localMember().address(), fetchOfAll(proof));
                cluster.run(Duration.ofMillis(20));
            }

            assertThat(repairs()).isEqualTo(repairsBefore);
            assertThat(packets() - packetsBefore).isLessThan(250);
        }
    }

    @Test
    void aFetchThatIsRecordedAndSentAgainIsNotAnsweredAgain() {
        List<byte[]> recorded = new ArrayList<>();
        InetSocketAddress from = victim.localMember().address();
        cluster.network().cutPackets((one, other) -> other.equals(from));
        for (int i = 0; i < 50; i++) {
            ClusterMessaging.of(member).broadcast("t", new byte[1000]);
        }
        cluster.run(Duration.ofMillis(20));
        cluster.network().heal();
        cluster.network().faults(new LinkFaults() {
            @Override
            public List<Arrival> packet(InetSocketAddress one, InetSocketAddress other, byte[] packet) {
                if (one.equals(from)) {
                    recorded.add(packet.clone());
                }
                return LinkFaults.super.packet(one, other, packet);
            }
        });
        cluster.runUntil("all arrived", () -> inbox.count() == STORED + 51);
        cluster.run(Duration.ofSeconds(2));
        long before = repairs();
        assertThat(before).isPositive();
        assertThat(recorded).isNotEmpty();
        cluster.network().faults(LinkFaults.NONE);

        for (int i = 0; i < 20; i++) {
            List.copyOf(recorded)
                    .forEach(packet ->
                            cluster.network().deliver(from, member.localMember().address(), packet));
            cluster.run(Duration.ofMillis(20));
        }

        assertThat(repairs()).isEqualTo(before);
    }

    @Test
    void floodsInTheNamesOfBothDoNotEndTheRepairBetweenThem() {
        Origin membersLife = origin;
        InetSocketAddress to = victim.localMember().address();
        cluster.network().cutPackets((one, other) -> other.equals(to));
        for (int i = 0; i < 50; i++) {
            ClusterMessaging.of(member).broadcast("t", new byte[1000]);
        }
        cluster.run(Duration.ofMillis(20));
        cluster.network().heal();
        for (int i = 1; i <= 200; i++) {
            Proof guess = new Proof(i, i, Long.MAX_VALUE);
            inject(to, fetchOfAll(guess));
            inject(to, digest(victimsLife, guess));
            inject(member.localMember().address(), to, digest(membersLife, guess));
            cluster.run(Duration.ofMillis(20));
        }

        assertThat(inbox.count()).isEqualTo(STORED + 51);
    }

    private static byte[] digest(Origin sender, Proof proof) {
        return new Inventory(EnvelopeFormat.DIGEST, sender, true, List.of())
                .with(proof)
                .toBytes();
    }

    @Test
    void aForgedRequestToKeepBroadcastsHoldsNothingUp() {
        Memberlist small = cluster.start("small", config -> messaging(config, m -> m.storeSize(100_000)));
        cluster.await(small.join(VirtualCluster.addressOf(member)));
        List<CompletableFuture<MessageId>> sent = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sent.add(ClusterMessaging.of(small).broadcast("t2", new byte[0]));
        }
        cluster.runUntil("the first one has left", () -> sent.get(0).isDone());
        MessageId first = sent.get(0).join();
        byte[] forged = Inventory.later(
                        victimsLife,
                        List.of(new Inventory.Entry(
                                new Origin("small", first.instance()), List.of(new Inventory.Run(1, 1)))))
                .toBytes();
        for (int i = 0; i < 200; i++) {
            inject(victim.localMember().address(), small.localMember().address(), forged);
            cluster.run(Duration.ofMillis(100));
        }

        assertThat(ClusterMessaging.of(small).statistics().outgoing()).isZero();
    }

    @Test
    void aRequestInAPacketIsNotAnswered() {
        ClusterMessaging.of(member).respond("ask", request -> CompletableFuture.completedFuture(new byte[10_000]));
        long before = ClusterMessaging.of(member).statistics().sent();
        for (int i = 1; i <= 50; i++) {
            byte[] request =
                    EnvelopeFormat.message(EnvelopeFormat.REQUEST, victimsLife, 0, "ask", Map.of(), new byte[0]);
            EnvelopeFormat.numbered(request, 0, i, 1000);
            inject(victim.localMember().address(), request);
        }
        cluster.run(Duration.ofSeconds(2));

        assertThat(ClusterMessaging.of(member).statistics().sent()).isEqualTo(before);
        assertThat(ClusterMessaging.of(member).statistics().drops()).containsEntry("malformed", 50L);
    }

    /** The hash of each of these names is the same, as that of "Aa" and "BB". */
    private static String colliding(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 14; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    @Test
    void forgedDigestsOfOriginsThatCollideAskForNothing() {
        long before = packets();
        int number = 0;
        for (int i = 0; i < 99; i++) {
            List<Inventory.Entry> entries = new ArrayList<>();
            for (int j = 0; j < 160; j++) {
                entries.add(new Inventory.Entry(
                        new Origin(colliding(number++), 1), List.of(new Inventory.Run(1, Long.MAX_VALUE))));
            }
            inject(
                    victim.localMember().address(),
                    new Inventory(EnvelopeFormat.DIGEST, victimsLife, true, entries).toBytes());
            cluster.run(Duration.ofMillis(30));
        }
        cluster.run(Duration.ofSeconds(3));

        assertThat(colliding(5).hashCode()).isEqualTo(colliding(9000).hashCode());
        assertThat(packets() - before).isLessThan(99);
    }
}
