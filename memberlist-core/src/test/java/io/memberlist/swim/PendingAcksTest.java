package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Message.Ack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingAcksTest {
    private final VirtualTime time = new VirtualTime();
    private final PendingAcks acks = new PendingAcks(new VirtualEventLoop(time, 1));
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void nothingWasThrown() {
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void sequenceNumbersDiffer() {
        List<Long> numbers = Stream.generate(acks::nextSequence).limit(1000).toList();

        assertThat(numbers).doesNotHaveDuplicates().allMatch(number -> number >>> Integer.SIZE == 0);
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(Math.abs(numbers.get(i) - numbers.get(i - 1))).isGreaterThan(1000);
        }
    }

    @Test
    void aNumberThatIsWaitedForIsPassedOver() {
        PendingAcks same = new PendingAcks(new VirtualEventLoop(time, 1));
        acks.await(same.nextSequence(), 100, listener("one"));
        acks.await(same.nextSequence(), 100, listener("two"));

        assertThat(acks.nextSequence()).isEqualTo(same.nextSequence());
    }

    @Test
    void anAckEndsTheWaiting() {
        acks.await(7, 100, listener("seven"));
        acks.acked(ack(7, "hello"), 42);

        assertThat(heard).containsExactly("seven acked hello at 42");
        assertThat(acks.size()).isZero();
        time.run(Duration.ofSeconds(1));
        acks.acked(ack(7, "again"), 43);
        acks.nacked(7);
        assertThat(heard).hasSize(1);
    }

    @Test
    void aTimeoutEndsTheWaiting() {
        acks.await(7, 100, listener("seven"));
        time.run(Duration.ofNanos(99));
        assertThat(heard).isEmpty();

        time.run(Duration.ofNanos(1));
        assertThat(heard).containsExactly("seven timed out");
        assertThat(acks.size()).isZero();
        acks.acked(ack(7, "late"), 43);
        assertThat(heard).hasSize(1);
    }

    @Test
    void nacksDoNotEndTheWaiting() {
        acks.await(7, 100, listener("seven"));
        acks.nacked(7);
        acks.nacked(7);
        acks.acked(ack(7, "x"), 1);

        assertThat(heard).containsExactly("seven nacked", "seven nacked", "seven acked x at 1");
    }

    @Test
    void eachAnswerGoesToItsOwnPing() {
        acks.await(1, 100, listener("one"));
        acks.await(2, 200, listener("two"));
        acks.acked(ack(2, ""), 5);
        acks.acked(ack(3, ""), 6);
        acks.nacked(4);
        time.run(Duration.ofNanos(500));

        assertThat(heard).containsExactly("two acked  at 5", "one timed out");
    }

    @Test
    void whatIsForgottenIsNotHeardOf() {
        acks.await(1, 100, listener("one"));
        acks.forget(1);
        acks.forget(99);
        acks.acked(ack(1, ""), 5);
        time.run(Duration.ofNanos(500));

        assertThat(heard).isEmpty();
        assertThat(acks.size()).isZero();
    }

    @Test
    void clearingForgetsEverything() {
        acks.await(1, 100, listener("one"));
        acks.await(2, 100, listener("two"));
        acks.clear();
        time.run(Duration.ofNanos(500));

        assertThat(heard).isEmpty();
        assertThat(acks.size()).isZero();
    }

    @Test
    void aListenerMayPingAgain() {
        acks.await(1, 100, new PendingAcks.AckListener() {
            @Override
            public void acked(byte[] payload, long receivedNanos) {}

            @Override
            public void timedOut() {
                acks.await(1, 100, listener("again"));
            }
        });
        time.run(Duration.ofNanos(200));

        assertThat(heard).containsExactly("again timed out");
    }

    private static Ack ack(long sequence, String payload) {
        return new Ack(sequence, payload.getBytes(StandardCharsets.UTF_8));
    }

    private PendingAcks.AckListener listener(String name) {
        return new PendingAcks.AckListener() {
            @Override
            public void acked(byte[] payload, long receivedNanos) {
                heard.add(name + " acked " + new String(payload, StandardCharsets.UTF_8) + " at " + receivedNanos);
            }

            @Override
            public void timedOut() {
                heard.add(name + " timed out");
            }

            @Override
            public void nacked() {
                heard.add(name + " nacked");
            }
        };
    }
}
