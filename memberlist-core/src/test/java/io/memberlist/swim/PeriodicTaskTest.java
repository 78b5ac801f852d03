package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.EventLoop;
import io.memberlist.transport.ForwardingEventLoop;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodicTaskTest {
    private final VirtualTime time = new VirtualTime();
    private final StallingLoop loop = new StallingLoop(new VirtualEventLoop(time, 3));
    private final AtomicLong interval = new AtomicLong(1_000);
    private final List<Long> rounds = new ArrayList<>();
    private final PeriodicTask task = new PeriodicTask(loop, interval::get, () -> rounds.add(loop.nanoTime()));

    @Test
    void beginsAtARandomMomentOfTheFirstInterval() {
        Set<Long> first = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            VirtualTime fresh = new VirtualTime();
            VirtualEventLoop freshLoop = new VirtualEventLoop(fresh, seed);
            new PeriodicTask(freshLoop, () -> 1_000, () -> first.add(fresh.nanos())).start();
            fresh.run(Duration.ofNanos(1_000));
        }

        assertThat(first)
                .hasSizeGreaterThan(100)
                .allSatisfy(at -> assertThat(at).isBetween(1L, 1_000L));
        assertThat(first).anyMatch(at -> at < 250).anyMatch(at -> at > 750);
    }

    @Test
    void runsOnceAnInterval() {
        task.start();
        run(10_000);

        assertThat(rounds).hasSize(10);
        assertThat(gaps()).containsOnly(1_000L);
    }

    @Test
    void aTaskMayRestForATimeUnlessItIsWoken() {
        PeriodicTask[] resting = new PeriodicTask[1];
        resting[0] = new PeriodicTask(loop, interval::get, () -> {
            rounds.add(loop.nanoTime());
            resting[0].restFor(5_500);
        });
        resting[0].start();
        run(10_000);
        assertThat(gaps()).containsExactly(6_000L);

        resting[0].wake();
        run(1_000);
        assertThat(rounds).hasSize(3);
        resting[0].stop();
        run(20_000);
        assertThat(rounds).hasSize(3);
    }

    /** An interval that the number of parts does not divide is kept as well. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 1_003, 333_333_333, 1_250_000_000, 30_000_000_000L})
    void roundsBeginWithThoseOfOthersAndKeepTheirInterval(long nanos) {
        interval.set(nanos);
        EventLoop coalescing = new ForwardingEventLoop(loop) {
            @Override
            public long coalesce(long dueNanos, long slackNanos) {
                assertThat(slackNanos).isLessThanOrEqualTo(100_000_000L);
                return (dueNanos + slackNanos - 1) / slackNanos * slackNanos;
            }
        };
        new PeriodicTask(coalescing, interval::get, () -> rounds.add(loop.nanoTime())).start();

        run(10 * nanos);

        assertThat(rounds).hasSizeBetween(9, 10);
        assertThat(gaps()).allMatch(gap -> gap <= nanos && nanos - gap < 10);
    }

    @Test
    void aTaskThatRestsHasNoTimerUntilItIsWokenAndThenKeepsItsMoments() {
        PeriodicTask[] resting = new PeriodicTask[1];
        resting[0] = new PeriodicTask(loop, interval::get, () -> {
            rounds.add(loop.nanoTime());
            resting[0].rest();
        });
        resting[0].start();
        run(5_500);
        assertThat(loop.scheduled).isEqualTo(1);

        resting[0].wake();
        resting[0].wake();
        run(3_000);

        assertThat(rounds).hasSize(2);
        assertThat(rounds.get(1)).isBetween(5_501L, 6_500L);
        assertThat((rounds.get(1) - rounds.get(0)) % 1_000).isZero();
        assertThat(loop.scheduled).isEqualTo(2);
    }

    @Test
    void aTaskThatIsWokenInTheRoundInWhichItRestsGoesOnAtItsPace() {
        PeriodicTask[] resting = new PeriodicTask[1];
        resting[0] = new PeriodicTask(loop, interval::get, () -> {
            rounds.add(loop.nanoTime());
            resting[0].rest();
            resting[0].wake();
        });
        resting[0].start();
        run(5_500);

        assertThat(rounds).hasSizeBetween(5, 6);
        assertThat(gaps()).containsOnly(1_000L);
    }

    @Test
    void aTaskThatIsStoppedWhileItRestsIsNotWoken() {
        PeriodicTask[] resting = new PeriodicTask[1];
        resting[0] = new PeriodicTask(loop, interval::get, () -> {
            rounds.add(loop.nanoTime());
            resting[0].rest();
        });
        resting[0].start();
        run(1_000);
        resting[0].stop();
        resting[0].wake();
        run(3_000);

        assertThat(rounds).hasSize(1);
    }

    @Test
    void aSmallDelayDoesNotMoveTheRoundsAfterIt() {
        task.start();
        run(1_000);
        loop.stall(300);
        run(5_000);

        assertThat(gaps().subList(0, 3)).containsExactly(1_300L, 700L, 1_000L);
    }

    @Test
    void roundsMissedInAStallAreSkipped() {
        task.start();
        run(1_000);
        assertThat(rounds).hasSize(1);
        loop.stall(7_500);
        run(10_000);

        assertThat(gaps().get(0)).isEqualTo(8_500);
        assertThat(gaps().subList(1, gaps().size())).isNotEmpty().containsOnly(1_000L);
    }

    @Test
    void theIntervalIsAskedForEachRound() {
        task.start();
        run(1_000);
        interval.set(4_000);
        run(20_000);

        assertThat(gaps().subList(0, 3)).containsExactly(1_000L, 4_000L, 4_000L);
    }

    @Test
    void noIntervalMeansNever() {
        interval.set(0);
        task.start();
        run(100_000);
        assertThat(rounds).isEmpty();
    }

    @Test
    void anIntervalThatEndsStopsIt() {
        task.start();
        run(1_000);
        interval.set(0);
        run(100_000);

        assertThat(rounds).hasSize(2);
    }

    @Test
    void stopsBetweenRounds() {
        task.start();
        run(2_500);
        int before = rounds.size();
        task.stop();
        run(100_000);

        assertThat(rounds).hasSize(before);
    }

    @Test
    void stopsWithinARound() {
        PeriodicTask[] self = new PeriodicTask[1];
        List<Long> heard = new ArrayList<>();
        self[0] = new PeriodicTask(loop, () -> 1_000, () -> {
            heard.add(loop.nanoTime());
            self[0].stop();
        });
        self[0].start();
        run(100_000);

        assertThat(heard).hasSize(1);
    }

    @Test
    void aRoundThatThrowsIsNotTheLast() {
        List<Long> heard = new ArrayList<>();
        new PeriodicTask(loop, () -> 1_000, () -> {
                    heard.add(loop.nanoTime());
                    throw new IllegalStateException("on purpose");
                })
                .start();
        run(5_000);

        assertThat(heard).hasSize(5);
        assertThat(time.failures()).hasSize(5);
    }

    private void run(long nanos) {
        time.run(Duration.ofNanos(nanos));
    }

    private List<Long> gaps() {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < rounds.size(); i++) {
            gaps.add(rounds.get(i) - rounds.get(i - 1));
        }
        return gaps;
    }

    /** A loop that stands still for some time: its clock continues, and timers wait. */
    private static final class StallingLoop extends ForwardingEventLoop {
        private long lateNanos;
        private int scheduled;

        StallingLoop(EventLoop loop) {
            super(loop);
        }

        /** Delays the next timers by this time. */
        void stall(long nanos) {
            lateNanos = nanos;
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            scheduled++;
            return super.schedule(delayNanos, () -> {
                if (lateNanos > 0) {
                    long late = lateNanos;
                    lateNanos = 0;
                    super.schedule(late, task);
                } else {
                    task.run();
                }
            });
        }

        @Override
        public boolean inEventLoop() {
            return true;
        }
    }

    @Test
    void saysHowLateEachRoundIs() {
        List<Long> late = new ArrayList<>();
        PeriodicTask measured = new PeriodicTask(loop, () -> 1_000, Runnable::run, late::add);
        measured.start();
        run(3_000);
        assertThat(late).isNotEmpty().containsOnly(0L);
        late.clear();

        loop.stall(5_500);
        run(7_000);

        assertThat(late.get(0)).isBetween(4_500L, 5_500L);
    }
}
