package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Computes when a suspicion must end, from what its observer received. */
final class ExpectedSuspicion {
    private final MemberlistConfig config;
    private final Instant start;
    private final String first;
    private final int hopedFor;
    private final long leastNanos;
    private final long mostNanos;
    private final Set<String> certain = new HashSet<>();
    private final Set<String> possible = new HashSet<>();
    private Instant latest;
    private boolean isProlonged;

    /**
     * @param first the member that raised it
     * @param hopedFor the number of confirmations that reduce it to its minimum
     * @param fewest the least number of members that the observer knew when it began
     * @param most the greatest number of them
     */
    ExpectedSuspicion(MemberlistConfig config, Instant start, String first, int hopedFor, int fewest, int most) {
        this.config = config;
        this.start = start;
        this.first = first;
        this.hopedFor = hopedFor;
        this.leastNanos = minNanos(fewest);
        this.mostNanos = minNanos(most);
        this.latest = start.plusNanos(timeout(0, mostNanos));
    }

    private long minNanos(int members) {
        double scale = Math.max(1, Math.log10(Math.max(1, members)));
        return config.suspicion().multiplier()
                * (long) Math.floor(scale * 1000)
                * config.probe().interval().toMillis()
                * 1000;
    }

    /** Lifeguard's formula, rounded down to whole milliseconds as in the Go library. */
    private long timeout(int confirmations, long min) {
        if (hopedFor == 0) {
            return min;
        }
        long max = config.suspicion().maxTimeoutMultiplier() * min;
        double share = Math.log(confirmations + 1.0) / Math.log(hopedFor + 1.0);
        long millis = (long) Math.floor((max - share * (max - min)) / 1_000_000);
        return Math.max(min, millis * 1_000_000);
    }

    /** @param counts whether it counts for certain */
    void confirmed(String from, boolean counts, Instant now) {
        if (from.equals(first)) {
            return;
        }
        possible.add(from);
        if (counts && certain.size() < hopedFor && certain.add(from)) {
            Instant due = start.plusNanos(timeout(certain.size(), mostNanos));
            Instant next = due.isBefore(now) ? now : due;
            latest = next.isBefore(latest) ? next : latest;
        }
    }

    /**
     * {@return the earliest time at which the member can be declared dead, since the observer may have suspected it
     * itself as well}
     */
    Instant earliest(String observer) {
        int most = possible.size() + (possible.contains(observer) || first.equals(observer) ? 0 : 1);
        return start.plusNanos(timeout(Math.min(hopedFor, most), leastNanos));
    }

    /** {@return the earliest time at which the member can be declared dead, if all confirmations have come} */
    Instant shortest() {
        return start.plusNanos(leastNanos);
    }

    /** The observer is kept from its packets, and gets that time back: at most as much as it lasts without confirmations. */
    void mayBeProlonged() {
        isProlonged = true;
    }

    /** {@return when it must have ended at the latest} */
    Instant latest() {
        return isProlonged ? latest.plusNanos(timeout(0, mostNanos)) : latest;
    }

    @Override
    public String toString() {
        return "suspected by " + first + " since " + start + ", confirmed by " + certain + " of " + possible + ", "
                + hopedFor + " hoped for, until " + latest() + " at the latest";
    }
}
