package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rounds that take their time, one after the other: the next begins when the last is over. As with the tickers of the Go
 * library one round that came due meanwhile follows at once, and what else came due is skipped.
 */
final class SerialRounds {
    /** A transport may be the application's own and never complete a packet; after this time the next round begins. */
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final EventLoop loop;
    private final PeriodicTask ticks;
    private final Consumer<Runnable> round;
    private @Nullable Round underWay;
    private long begunNanos;
    private boolean missed;
    private boolean stopped;

    /**
     * @param intervalNanos asked before each round; zero or less stops for good
     * @param round is given what to run once it is over
     * @param lateness called at each tick with the nanoseconds it is late
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
        if (underWay != null && loop.nanoTime() - begunNanos < PATIENCE_NANOS) {
            missed = true;
            return;
        }
        Round begun = new Round();
        underWay = begun;
        begunNanos = loop.nanoTime();
        missed = false;
        try {
            round.accept(begun);
        } catch (Throwable e) {
            // A round that failed, however badly, is over too: the loop reports it, and the next one comes.
            begun.run();
            throw e;
        }
    }

    /** Ends one round. It may be called more than once, or too late, and then ends no other round. */
    private final class Round implements Runnable {
        @Override
        public void run() {
            if (underWay != this) {
                return;
            }
            underWay = null;
            if (missed) {
                missed = false;
                loop.execute(SerialRounds.this::tick);
            }
        }
    }
}
