package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Rounds that take their time, one after the other: the next begins when the last is over. As with the tickers of the Go
 * library one round that came due meanwhile follows at once, and what else came due is skipped.
 */
final class SerialRounds {
    private final EventLoop loop;
    private final PeriodicTask ticks;
    private final Consumer<Runnable> round;
    private boolean busy;
    private boolean missed;
    private boolean stopped;

    /**
     * @param intervalNanos asked before each round; zero or less stops for good
     * @param round is given what to run once it is over
     * @param lateness hears at each tick how many nanoseconds late it is
     */
    SerialRounds(EventLoop loop, LongSupplier intervalNanos, Consumer<Runnable> round, LongConsumer lateness) {
        this.loop = loop;
        this.round = round;
        this.ticks = new PeriodicTask(loop, intervalNanos, this::tick, lateness);
    }

    void start() {
        ticks.start();
    }

    void stop() {
        stopped = true;
        ticks.stop();
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (busy) {
            missed = true;
            return;
        }
        busy = true;
        try {
            round.accept(this::over);
        } catch (RuntimeException e) {
            // A round that failed is over too: the loop reports it, and the next one comes.
            over();
            throw e;
        }
    }

    private void over() {
        busy = false;
        if (missed) {
            missed = false;
            loop.execute(this::tick);
        }
    }
}
