package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Something done again and again, starting at a random moment of the first interval so that members which start together
 * do not act together. Rounds that were missed while the loop stood still are skipped, not made up for.
 */
final class PeriodicTask {
    private final EventLoop loop;
    private final LongSupplier intervalNanos;
    private final Runnable task;
    private final LongConsumer lateness;
    private EventLoop.Timer timer = () -> {};
    private long dueNanos;
    private boolean stopped;

    /** @param intervalNanos asked before each round; zero or less stops for good */
    PeriodicTask(EventLoop loop, LongSupplier intervalNanos, Runnable task) {
        this(loop, intervalNanos, task, nanos -> {});
    }

    /**
     * @param intervalNanos asked before each round; zero or less stops for good
     * @param lateness called at each round with the nanoseconds it is late
     */
    PeriodicTask(EventLoop loop, LongSupplier intervalNanos, Runnable task, LongConsumer lateness) {
        this.loop = loop;
        this.intervalNanos = intervalNanos;
        this.task = task;
        this.lateness = lateness;
    }

    /** Begins, or begins anew with the interval as it is by now. */
    void start() {
        timer.cancel();
        long interval = intervalNanos.getAsLong();
        if (interval > 0) {
            scheduleIn(loop.random().nextLong(interval) + 1);
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void scheduleIn(long delayNanos) {
        dueNanos = loop.nanoTime() + delayNanos;
        timer = loop.schedule(delayNanos, this::round);
    }

    private void round() {
        if (stopped) {
            return;
        }
        lateness.accept(Math.max(0, loop.nanoTime() - dueNanos));
        try {
            task.run();
        } finally {
            long interval = intervalNanos.getAsLong();
            if (interval > 0 && !stopped) {
                long late = loop.nanoTime() - dueNanos;
                scheduleIn(late < interval ? interval - Math.max(0, late) : interval);
            }
        }
    }
}
