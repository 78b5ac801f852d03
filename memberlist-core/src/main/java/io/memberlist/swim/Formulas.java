package io.memberlist.swim;

/**
 * How the protocol's numbers grow with the cluster. The same as in the Go library, so that mixed clusters agree; and
 * logarithms that are the same on every machine, so that a simulated run is.
 */
final class Formulas {
    private static final int PUSH_PULL_SCALE_THRESHOLD = 32;

    private Formulas() {}

    /** {@return how often a broadcast is sent in a cluster of n members: multiplier × ceil(log10(n + 1))} */
    static int retransmitLimit(int multiplier, int n) {
        return multiplier * (int) Math.ceil(StrictMath.log10(n + 1.0));
    }

    /** {@return the shortest time a suspicion lasts: multiplier × max(1, log10(max(1, n))) × interval} */
    static long suspicionTimeoutNanos(int multiplier, int n, long probeIntervalNanos) {
        double scale = Math.max(1.0, StrictMath.log10(Math.max(1.0, n)));
        // Three decimals, as the Go library computes it.
        return multiplier * (long) (scale * 1000) * probeIntervalNanos / 1000;
    }

    /**
     * {@return how long a suspicion lasts, from its start, after so many confirmations}
     *
     * <p>Lifeguard's dynamic timeout: max − (max − min) × log(c + 1) / log(k + 1), rounded down to a millisecond, and
     * never below min.
     */
    static long suspicionAfter(int confirmations, int expected, long minNanos, long maxNanos) {
        if (expected < 1) {
            return minNanos;
        }
        double fraction = StrictMath.log(confirmations + 1.0) / StrictMath.log(expected + 1.0);
        double raw = maxNanos - fraction * (maxNanos - minNanos);
        long floored = (long) Math.floor(raw / 1_000_000) * 1_000_000;
        return Math.max(minNanos, floored);
    }

    /** {@return the time between push/pulls: longer above 32 members, so that the traffic per member stays bounded} */
    static long pushPullIntervalNanos(long intervalNanos, int n) {
        if (n <= PUSH_PULL_SCALE_THRESHOLD) {
            return intervalNanos;
        }
        double steps = Math.ceil(log2(n) - log2(PUSH_PULL_SCALE_THRESHOLD)) + 1;
        return (long) steps * intervalNanos;
    }

    /**
     * {@return the time before a seed that has been missing for so long is asked again, without a random part} It grows with
     * that time. In a large cluster many members ask, so the shortest pause grows with the number of members, and the
     * longest as that of push/pulls does.
     */
    static long seedPauseNanos(long missingNanos, long minNanos, long maxNanos, int n) {
        long longest = pushPullIntervalNanos(maxNanos, n);
        long shortest = Math.min(longest, minNanos * Math.max(4, n) / 4);
        return Math.min(longest, Math.max(shortest, missingNanos / 6));
    }

    private static double log2(int n) {
        return StrictMath.log(n) / StrictMath.log(2);
    }
}
