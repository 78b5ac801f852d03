package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Something done again and again, starting at a random moment of the first interval so that members which start together
 * do not act together. Rounds that were missed while the loop stood still are skipped, not made up for.
 *
 * <p>A task that has nothing to do may {@link #rest}, and no round comes until it is told to {@link #wake}, or the time is over that it
 * gave.
 *
 * <p>A round may take its time: the next begins when the last is over. As with the tickers of the Go library one round that
 * came due meanwhile follows at once, and what else came due is skipped.
 */
final class PeriodicTask {
    /** A transport may be the application's own and never complete a packet; after this time the next round begins. */
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /** Rounds begin at the ends of such parts of their interval, together with those of other members of this process. */
    private static final int PARTS = 10;

    private static final long MOST_SLACK_NANOS = 100_000_000L;

    private static final long FOREVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final LongSupplier intervalNanos;
    private final Consumer<Runnable> round;
    private final LongConsumer lateness;
    private EventLoop.Timer timer = () -> {};
    private long dueNanos;
    private boolean stopped;
    private long rounds;
    /** The number of the round that is not over yet; 0 for none. */
    private long underWay;

    private long begunNanos;
    private boolean missed;
    /** Whether the round that ends shall be the last for a while. */
    private boolean resting;

    private long restNanos;
    /** Whether no round is planned therefore. */
    private boolean asleep;

    /**
     * @param intervalNanos asked before each round; zero or less stops for good
     * @param task a round, which is over when it returns
     */
    PeriodicTask(EventLoop loop, LongSupplier intervalNanos, Runnable task) {
        this(
                loop,
                intervalNanos,
                over -> {
                    task.run();
                    over.run();
                },
                late -> {});
    }

    /**
     * @param intervalNanos asked before each round; zero or less stops for good
     * @param round is given what to run once it is over
     * @param lateness called when a round is due, with the nanoseconds it is late
     */
    PeriodicTask(EventLoop loop, LongSupplier intervalNanos, Consumer<Runnable> round, LongConsumer lateness) {
        this.loop = loop;
        this.intervalNanos = intervalNanos;
        this.round = round;
        this.lateness = lateness;
    }

    /** Begins, or begins anew with the interval as it is by now. */
    void start() {
        timer.cancel();
        resting = false;
        asleep = false;
        long interval = intervalNanos.getAsLong();
        if (interval > 0) {
            scheduleAt(loop.nanoTime() + loop.random().nextLong(interval) + 1, interval);
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    /** Lets no round come before {@link #wake}. To be called in a round that finds nothing to do. */
    void rest() {
        restFor(FOREVER);
    }

    /** Lets no round come for a time, or before {@link #wake}. */
    void restFor(long nanos) {
        resting = true;
        restNanos = nanos;
    }

    /** Lets rounds come again, at the moments at which they would have come without the rest. */
    void wake() {
        long interval = intervalNanos.getAsLong();
        resting = false;
        if (!asleep || interval <= 0 || stopped) {
            return;
        }
        asleep = false;
        timer.cancel();
        long now = loop.nanoTime();
        long missedNanos = Math.max(0, now - dueNanos);
        scheduleAt(dueNanos + (missedNanos + interval - 1) / interval * interval, interval);
    }

    private void scheduleAt(long moment, long interval) {
        long parts = Math.max(PARTS, (interval + MOST_SLACK_NANOS - 1) / MOST_SLACK_NANOS);
        long slack = Math.max(1, interval / parts);
        // What is left by the division would make each round miss the moment that is meant, and wait for the next.
        dueNanos = loop.coalesce(moment - (interval - slack * parts), slack);
        timer = loop.schedule(dueNanos - loop.nanoTime(), this::due);
    }

    private void due() {
        if (stopped) {
            return;
        }
        lateness.accept(Math.max(0, loop.nanoTime() - dueNanos));
        try {
            begin();
        } finally {
            long interval = intervalNanos.getAsLong();
            if (interval > 0 && !stopped) {
                long now = loop.nanoTime();
                long next = (now - dueNanos < interval ? dueNanos : now) + interval;
                if (resting) {
                    asleep = true;
                    dueNanos = next;
                    if (restNanos != FOREVER) {
                        timer = loop.schedule(restNanos, this::wake);
                    }
                } else {
                    scheduleAt(next, interval);
                }
            }
        }
    }

    private void begin() {
        if (stopped) {
            return;
        }
        if (underWay != 0 && loop.nanoTime() - begunNanos < PATIENCE_NANOS) {
            missed = true;
            return;
        }
        long number = ++rounds;
        underWay = number;
        begunNanos = loop.nanoTime();
        missed = false;
        try {
            round.accept(() -> end(number));
        } catch (Throwable e) {
            // A round that failed, however badly, is over too: the loop reports it, and the next one comes.
            end(number);
            throw e;
        }
    }

    /** Ends one round. It may be called more than once, or too late, and then ends no other round. */
    private void end(long number) {
        if (underWay == number) {
            underWay = 0;
            if (missed) {
                missed = false;
                loop.execute(this::begin);
            }
        }
    }
}
