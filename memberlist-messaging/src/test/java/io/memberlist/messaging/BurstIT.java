package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.message.MessageId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bursts over real sockets: what a future said is sent arrives, though the receiver has just started. */
class BurstIT {
    @ParameterizedTest
    @ValueSource(ints = {2_000, 20_000})
    void aFreshMemberReceivesABurst(int count) throws Exception {
        List<Memberlist> members = LoopbackMembers.start(2, config -> {});
        try {
            BitSet received = new BitSet();
            ClusterMessaging.of(members.get(1)).subscribe("t", message -> {
                synchronized (received) {
                    received.set(ByteBuffer.wrap(message.payload()).getInt());
                }
            });
            List<CompletableFuture<MessageId>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(ClusterMessaging.of(members.get(0))
                        .broadcast("t", ByteBuffer.allocate(100).putInt(i).array()));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (count(received) < count && System.nanoTime() < until) {
                LockSupport.parkNanos(5_000_000);
            }

            assertThat(count(received)).isEqualTo(count);
            assertThat(ClusterMessaging.of(members.get(1)).statistics().drops()).doesNotContainKey("incoming_full");
        } finally {
            members.forEach(Memberlist::close);
        }
    }

    private static int count(BitSet received) {
        synchronized (received) {
            return received.cardinality();
        }
    }
}
