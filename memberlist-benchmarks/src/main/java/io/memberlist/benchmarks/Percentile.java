package io.memberlist.benchmarks;

import java.util.Arrays;

/** Nearest-rank percentiles. */
final class Percentile {
    private Percentile() {}

    /**
     * {@return the smallest value that at least this share of all values does not exceed}
     *
     * @param values at least one, in any order
     * @param share above 0, up to 1
     */
    static double of(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(1, (int) Math.ceil(sorted.length * share)) - 1];
    }
}
