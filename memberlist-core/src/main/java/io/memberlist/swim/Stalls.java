package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * Knows when this process stood still lately: in a long garbage collection, stopped by a signal, or without a processor. Timers
 * that run too late show it. What others did not answer in such a time says nothing about them, so nobody is judged by it.
 * Cassandra and Orleans do the same; SWIM and Lifeguard notice only that answers are missing.
 */
final class Stalls {
    /** Older ones are forgotten: they are longer ago than any suspicion that still runs, unless stalls follow each other. */
    private static final int REMEMBERED = 16;

    /** About half a round of gossip. */
    private static final long LATE_NANOS = 100_000_000L;

    private static final long LATE_FOR_NANOS = 1_000_000_000L;

    private final EventLoop loop;
    private final long boundNanos;
    private final Deque<Stall> recent = new ArrayDeque<>();
    private LongConsumer listener = nanos -> {};
    private boolean wasLate;
    private long lateNanos;
    private int unsent;
    private long unsentSinceNanos;

    /** @param boundNanos how late a timer must be */
    Stalls(EventLoop loop, long boundNanos) {
        this.loop = loop;
        this.boundNanos = boundNanos;
    }

    private record Stall(long fromNanos, long toNanos) {}

    /** Sets what is notified of the length of each stall, in nanoseconds, when it is over. */
    void listener(LongConsumer whenOver) {
        listener = whenOver;
    }

    /** {@return whether timers have run late within the last second: there is more to do than this member gets time for} */
    boolean isLate() {
        return wasLate && loop.nanoTime() - lateNanos < LATE_FOR_NANOS;
    }

    /** A timer runs now that was due at a moment. */
    void timerRuns(long dueNanos) {
        long now = loop.nanoTime();
        if (now - dueNanos >= LATE_NANOS) {
            wasLate = true;
            lateNanos = now;
        }
        if (now - dueNanos < boundNanos) {
            return;
        }
        over(dueNanos, now);
    }

    /** A packet is given to the transport. */
    void sending() {
        if (unsent++ == 0) {
            unsentSinceNanos = loop.nanoTime();
        }
    }

    /** A packet has left, or could not. They leave in their order, so one that waited long means that all did. */
    void sent() {
        long now = loop.nanoTime();
        unsent--;
        if (now - unsentSinceNanos >= boundNanos) {
            over(unsentSinceNanos, now);
        }
        unsentSinceNanos = now;
    }

    private void over(long dueNanos, long now) {
        long from = dueNanos;
        Stall last = recent.peekLast();
        if (last != null && dueNanos - last.toNanos <= 0) {
            if (now == last.toNanos && dueNanos - last.fromNanos >= 0) {
                return;
            }
            from = dueNanos - last.fromNanos < 0 ? dueNanos : last.fromNanos;
            recent.removeLast();
        }
        recent.addLast(new Stall(from, now));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        listener.accept(now - from);
    }

    /** {@return for how long this process stood still since a moment, in nanoseconds} */
    long nanosSince(long startNanos) {
        long sum = 0;
        for (Stall stall : recent) {
            long from = startNanos - stall.fromNanos > 0 ? startNanos : stall.fromNanos;
            sum += Math.max(0, stall.toNanos - from);
        }
        long now = loop.nanoTime();
        if (unsent > 0 && now - unsentSinceNanos >= boundNanos) {
            sum += now - (startNanos - unsentSinceNanos > 0 ? startNanos : unsentSinceNanos);
        }
        return sum;
    }

    /** {@return the loop, whose timers show here how late they run} */
    EventLoop watched() {
        return new WatchedEventLoop(loop, this::timerRuns);
    }
}
