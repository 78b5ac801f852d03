package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * The time a suspected member has to refute. Confirmations by other members, each counted once, shorten it from max to
 * min (Lifeguard's local-health-aware suspicion).
 */
final class Suspicion {
    /**
     * How long a suspicion lasts.
     *
     * @param expected the confirmations that bring the timeout down to min; 0 for min at once
     */
    record Timeout(int expected, long minNanos, long maxNanos) {
        long longestNanos() {
            return expected < 1 ? minNanos : maxNanos;
        }
    }

    private final EventLoop loop;
    private final Timeout timeout;
    private final long startNanos;
    private long totalNanos;
    /** It does not end before this time after its start. */
    private long leastNanos;

    private long prolongedNanos;
    private long prolongedAtNanos;

    private final IntConsumer onTimeout;
    private final String first;
    private final Set<String> from = new HashSet<>();
    private int confirmations;
    private boolean shortened;
    private boolean over;
    private EventLoop.Timer timer;

    /**
     * @param first the member that raised the suspicion; it does not count as a confirmation
     * @param onTimeout called on the loop, with the number of confirmations, when the time is up
     */
    Suspicion(EventLoop loop, String first, Timeout timeout, IntConsumer onTimeout) {
        this.loop = loop;
        this.timeout = timeout;
        this.onTimeout = onTimeout;
        this.startNanos = loop.nanoTime();
        this.first = first;
        from.add(first);
        totalNanos = timeout.longestNanos();
        timer = loop.schedule(totalNanos, this::timedOut);
    }

    /** {@return the member that raised it} */
    String first() {
        return first;
    }

    /** {@return when the time is up, by the clock of the loop, unless further confirmations come} */
    long deadlineNanos() {
        return startNanos + totalNanos;
    }

    /** {@return whether this confirmation counts: it is the first one of the member, and more were expected} */
    boolean confirm(String member) {
        if (over || shortened || confirmations >= timeout.expected || !from.add(member)) {
            return false;
        }
        confirmations++;
        end(Formulas.suspicionAfter(confirmations, timeout.expected, timeout.minNanos, timeout.maxNanos));
        return true;
    }

    /** Leaves the shortest time to refute, as if all confirmations had come. */
    void shorten() {
        if (!over && !shortened) {
            shortened = true;
            end(timeout.minNanos);
        }
    }

    /**
     * Begins again for a while, when the time is up, since this process stood still and could hear no refutation. Once, and
     * again only while it hardly runs; by no more in all than a suspicion lasts without confirmations. Those who are dead must
     * be found.
     *
     * @param stalls when this process stood still
     * @param enough how long it must have run since the last time to be able to judge, in nanoseconds
     * @return whether it does
     */
    boolean prolong(Stalls stalls, long enough) {
        long since = prolongedNanos == 0 ? startNanos : prolongedAtNanos;
        long now = loop.nanoTime();
        long stalled = stalls.nanosSince(since);
        long more = Math.min(Math.min(stalled, timeout.minNanos), timeout.longestNanos() - prolongedNanos);
        if (more <= 0 || prolongedNanos > 0 && now - since - stalled >= enough) {
            return false;
        }
        over = false;
        prolongedNanos += more;
        prolongedAtNanos = now;
        leastNanos = now - startNanos + more;
        end(leastNanos);
        return true;
    }

    private void end(long afterNanos) {
        totalNanos = Math.max(leastNanos, afterNanos);
        timer.cancel();
        timer = loop.schedule(Math.max(0, deadlineNanos() - loop.nanoTime()), this::timedOut);
    }

    /** {@return whether no confirmation is waited for any more} */
    boolean isShortened() {
        return shortened;
    }

    /** Ends the suspicion without a verdict. */
    void cancel() {
        over = true;
        timer.cancel();
    }

    private void timedOut() {
        over = true;
        onTimeout.accept(confirmations);
    }
}
