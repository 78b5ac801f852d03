package io.memberlist.simulator.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The dissemination of one update: when each observer received it first. */
final class Dissemination {
    private final String what;
    private final long startNanos;
    private final int expected;
    private final boolean[] heardBy;
    private final long[] afterNanos;
    private int heard;

    /**
     * @param observers the number of observers, including those that receive nothing
     * @param expected how many of them are expected to receive it
     */
    Dissemination(String what, long startNanos, int observers, int expected) {
        this.what = what;
        this.startNanos = startNanos;
        this.expected = expected;
        this.heardBy = new boolean[observers];
        this.afterNanos = new long[observers];
    }

    String what() {
        return what;
    }

    /** {@return whether it was the first time} */
    boolean heardBy(int observer, long nowNanos) {
        if (heardBy[observer]) {
            return false;
        }
        heardBy[observer] = true;
        afterNanos[heard++] = nowNanos - startNanos;
        return true;
    }

    boolean complete() {
        return heard >= expected;
    }

    /** {@return the share of the expected observers that received it, 0 to 1} */
    double reached() {
        return expected == 0 ? 1 : (double) heard / expected;
    }

    /** {@return seconds until the first observer received it; null if none did} */
    @Nullable
    Double first() {
        return heard == 0 ? null : seconds(0);
    }

    /** {@return seconds until this share of the observers had received it; null if that never happened} */
    @Nullable
    Double until(double share) {
        int needed = Math.max(1, (int) Math.ceil(share * expected));
        return heard < needed ? null : seconds(needed - 1);
    }

    /** {@return seconds, ascending, one for each observer that received it} */
    double[] times() {
        // They are recorded in the order of time.
        return Arrays.stream(afterNanos, 0, heard)
                .mapToDouble(nanos -> nanos / 1e9)
                .toArray();
    }

    /**
     * {@return the median and the slowest of several disseminations, by the time of complete reach; empty if there are
     * none}
     */
    static List<Dissemination> slowestAndMedian(List<Dissemination> spreads) {
        List<Dissemination> sorted = new ArrayList<>(spreads);
        sorted.sort(Comparator.comparingDouble(spread -> spread.complete() ? spread.seconds(spread.heard - 1) : 1e9));
        return sorted.isEmpty()
                ? List.of()
                : List.of(
                        sorted.get(sorted.size() / 2).named("under way, median"),
                        sorted.get(sorted.size() - 1).named("under way, slowest"));
    }

    private Dissemination named(String name) {
        Dissemination copy = new Dissemination(name, startNanos, heardBy.length, expected);
        System.arraycopy(afterNanos, 0, copy.afterNanos, 0, heard);
        copy.heard = heard;
        return copy;
    }

    private double seconds(int index) {
        return afterNanos[index] / 1e9;
    }
}
