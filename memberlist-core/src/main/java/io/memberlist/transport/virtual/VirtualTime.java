package io.memberlist.transport.virtual;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** A clock that moves when there is nothing left to do at the present moment. What is due together runs in order. */
public final class VirtualTime {
    private final PriorityQueue<Task> queue = new PriorityQueue<>();
    /** What is due at the present moment, and was asked for at it: most of all, and in order without sorting. */
    private final Deque<Task> dueNow = new ArrayDeque<>();

    private final List<Throwable> failures = new ArrayList<>();
    private long now;
    private long nextOrder;

    /** {@return the present moment, in nanoseconds since the beginning} */
    public long nanos() {
        return now;
    }

    /** {@return what tasks threw: nothing may escape an event loop} */
    public List<Throwable> failures() {
        return failures;
    }

    /** Runs a task after a delay; an element of {@code cancelled} set to true prevents it. */
    void schedule(long delayNanos, Runnable task, boolean[] cancelled) {
        if (delayNanos <= 0) {
            dueNow.add(new Task(now, nextOrder++, task, cancelled));
        } else {
            queue.add(new Task(now + delayNanos, nextOrder++, task, cancelled));
        }
    }

    /** Runs a task after a delay. */
    public void schedule(long delayNanos, Runnable task) {
        schedule(delayNanos, task, new boolean[1]);
    }

    /** Lets time pass. */
    public void run(Duration duration) {
        long end = now + duration.toNanos();
        while (isDueUntil(end)) {
            step();
        }
        now = end;
    }

    /**
     * Lets time pass until something is so.
     *
     * @return how long it took
     * @throws AssertionError if it is still not so after {@code atMost}
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
        // What was scheduled in time for this moment comes before what was asked for at it.
        boolean scheduled = dueNow.isEmpty() || first != null && first.atNanos() <= now;
        Task task = scheduled ? queue.remove() : dueNow.remove();
        if (task.cancelled()[0]) {
            return;
        }
        now = task.atNanos();
        try {
            task.action().run();
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }

    private record Task(long atNanos, long order, Runnable action, boolean[] cancelled) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
