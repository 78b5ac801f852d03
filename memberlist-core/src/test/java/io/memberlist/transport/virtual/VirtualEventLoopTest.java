package io.memberlist.transport.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualEventLoopTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 1);
    private final List<String> fired = new ArrayList<>();

    @Test
    void aTimerThatIsSetFollowsAClockThatBecomesFaster() {
        fireAfter(10, "timer");
        time.run(Duration.ofSeconds(4));
        loop.clockRate(3);

        time.run(Duration.ofSeconds(1));
        assertThat(fired).isEmpty();
        time.run(Duration.ofSeconds(1).plusNanos(2));
        assertThat(fired).containsExactly("timer");
        assertThat(loop.pendingTimers()).isZero();
    }

    @Test
    void aTimerThatIsSetFollowsAClockThatBecomesSlower() {
        fireAfter(10, "timer");
        time.run(Duration.ofSeconds(4));
        loop.clockRate(0.5);

        time.run(Duration.ofSeconds(11));
        assertThat(fired).isEmpty();
        time.run(Duration.ofSeconds(1).plusNanos(2));
        assertThat(fired).containsExactly("timer");
    }

    @Test
    void aTimerNeverFiresEarlyByItsOwnClockHoweverOftenThatChanges() {
        for (int seconds = 1; seconds <= 30; seconds++) {
            long due = seconds * SECOND;
            loop.schedule(due, () -> {
                assertThat(loop.nanoTime()).isBetween(due, due + 10);
                fired.add("timer");
            });
        }
        for (double rate : new double[] {1.05, 0.3, 2.9, 1, 0.95, 3}) {
            loop.clockRate(rate);
            time.run(Duration.ofSeconds(7).plusNanos(1));
        }

        assertThat(time.failures()).isEmpty();
        assertThat(fired).hasSize(30);
    }

    @Test
    void timersThatAreDueTogetherKeepTheirOrderWhenTheClockChanges() {
        fireAfter(5, "first");
        fireAfter(5, "second");
        loop.clockRate(2);
        loop.clockRate(1);

        time.run(Duration.ofSeconds(6));
        assertThat(fired).containsExactly("first", "second");
    }

    @Test
    void aCancelledTimerStaysCancelledWhenTheClockChanges() {
        EventLoop.Timer timer = fireAfter(5, "timer");
        timer.cancel();
        loop.clockRate(2);

        time.run(Duration.ofSeconds(20));
        assertThat(fired).isEmpty();
        assertThat(loop.pendingTimers()).isZero();
    }

    @Test
    void aTimerThatIsDueDuringAPauseFiresOnceAfterIt() {
        fireAfter(2, "timer");
        loop.pause();
        time.run(Duration.ofSeconds(3));
        loop.clockRate(2);
        time.run(Duration.ofSeconds(3));
        assertThat(fired).isEmpty();

        loop.resume();
        time.run(Duration.ofSeconds(3));
        assertThat(fired).containsExactly("timer");
    }

    @Test
    void aTimerThatIsDueWaitsForTheProcessor() {
        Deque<Runnable> due = new ArrayDeque<>();
        loop.runOn(due::add);
        fireAfter(1, "timer");
        EventLoop.Timer other = fireAfter(1, "cancelled");
        time.run(Duration.ofSeconds(2));
        assertThat(fired).isEmpty();
        assertThat(due).hasSize(2);
        assertThat(loop.pendingTimers()).isZero();

        other.cancel();
        due.forEach(Runnable::run);
        assertThat(fired).containsExactly("timer");
    }

    @Test
    void aLateProcessLosesThePacketsThatItsSocketHasNoRoomFor() {
        Deque<Runnable> due = new ArrayDeque<>();
        loop.runOn(due::add);
        for (int i = 0; i < 300; i++) {
            loop.receive(() -> fired.add("packet"));
        }
        time.run(Duration.ofSeconds(1));
        due.forEach(Runnable::run);
        assertThat(fired).hasSize(256);

        loop.receive(() -> fired.add("one more"));
        time.run(Duration.ofSeconds(1));
        due.peekLast().run();
        assertThat(fired).endsWith("one more");
    }

    private EventLoop.Timer fireAfter(int seconds, String name) {
        return loop.schedule(seconds * SECOND, () -> fired.add(name));
    }
}
