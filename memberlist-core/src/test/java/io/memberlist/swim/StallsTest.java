package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallsTest {
    private static final long SECOND = 1_000_000_000L;

    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 1);
    private final Stalls stalls = new Stalls(loop, SECOND / 4);

    private void run(double seconds) {
        time.run(Duration.ofNanos((long) (seconds * SECOND)));
    }

    @Test
    void aPacketThatDoesNotLeaveIsAStallWhileItWaitsAndAfterwards() {
        run(1);
        stalls.sending();
        run(0.2);
        assertThat(stalls.nanosSince(0)).isZero();
        run(2);
        assertThat(stalls.nanosSince(0)).isEqualTo(22 * SECOND / 10);

        stalls.sent();
        run(5);

        assertThat(stalls.nanosSince(0)).isEqualTo(22 * SECOND / 10);
        assertThat(stalls.nanosSince(2 * SECOND)).isEqualTo(12 * SECOND / 10);
        assertThat(stalls.nanosSince(4 * SECOND)).isZero();
    }

    @Test
    void whoseTimersRunATenthOfASecondLateIsLateForASecond() {
        assertThat(stalls.isLate()).isFalse();

        stalls.timerRuns(loop.nanoTime() - SECOND / 10 + 1);
        assertThat(stalls.isLate()).isFalse();
        stalls.timerRuns(loop.nanoTime() - SECOND / 10);
        assertThat(stalls.isLate()).isTrue();
        run(0.9);
        assertThat(stalls.isLate()).isTrue();
        run(0.1);

        assertThat(stalls.isLate()).isFalse();
    }

    @Test
    void packetsThatLeaveOneAfterTheOtherAreNone() {
        for (int i = 0; i < 100; i++) {
            stalls.sending();
            stalls.sending();
            run(0.2);
            stalls.sent();
        }

        assertThat(stalls.nanosSince(0)).isZero();
    }

    @Test
    void manyThatWaitedTogetherAreOneStall() {
        stalls.sending();
        run(1);
        stalls.sending();
        run(1);
        stalls.sent();
        stalls.sent();

        assertThat(stalls.nanosSince(0)).isEqualTo(2 * SECOND);
    }
}
