package io.memberlist.transport.virtual;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * A clock that moves on when nothing is left to do at the present moment. Tasks that are due at the same moment run in the
 * order in which they were scheduled.
 */
public final class VirtualTime {
    private final PriorityQueue<Task> queue = new PriorityQueue<>();
    /** Tasks scheduled at the present moment for the present moment: most tasks, and in order without sorting. */
    private final Deque<Task> dueNow = new ArrayDeque<>();

    private final List<Throwable> failures = new ArrayList<>();
    private long now;
    private long nextOrder;

    /** {@return the present moment, in nanoseconds since the beginning} */
    public long nanos() {
        return now;
    }

    /** {@return what tasks threw; a run in which this is not empty has found an error} */
    public List<Throwable> failures() {
        return failures;
    }

    /** Runs a task after a delay unless it is cancelled by then. */
    void schedule(long delayNanos, Runnable task, BooleanSupplier cancelled) {
        if (delayNanos <= 0) {
            dueNow.add(new Task(now, nextOrder++, task, cancelled));
        } else {
            queue.add(new Task(now + delayNanos, nextOrder++, task, cancelled));
        }
    }

    /** Runs a task after a delay. */
    public void schedule(long delayNanos, Runnable task) {
        schedule(delayNanos, task, () -> false);
    }

    /** Runs all tasks that are due within a duration, and moves the clock to its end. */
    public void run(Duration duration) {
        long end = now + duration.toNanos();
        while (isDueUntil(end)) {
            step();
        }
        now = end;
    }

    /**
     * Runs tasks until a condition holds.
     *
     * @param what the condition in words, for the error
     * @return how much virtual time that took
     * @throws AssertionError if the condition does not hold after {@code atMost}
     */
    public Duration runUntil(String what, Duration atMost, BooleanSupplier condition) {
        long start = now;
        long end = now + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (!isDueUntil(end)) {
                throw new AssertionError("not so within " + atMost + " of virtual time: " + what);
            }
            step();
        }
        return Duration.ofNanos(now - start);
    }

    private boolean isDueUntil(long end) {
        Task first = queue.peek();
        return !dueNow.isEmpty() || first != null && first.atNanos() <= end;
    }

    private void step() {
        Task first = queue.peek();
        // Tasks scheduled earlier for this moment come before those scheduled at it.
        boolean scheduled = dueNow.isEmpty() || first != null && first.atNanos() <= now;
        Task task = scheduled ? queue.remove() : dueNow.remove();
        if (task.cancelled().getAsBoolean()) {
            return;
        }
        now = task.atNanos();
        try {
            task.action().run();
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }

    private record Task(long atNanos, long order, Runnable action, BooleanSupplier cancelled)
            implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
