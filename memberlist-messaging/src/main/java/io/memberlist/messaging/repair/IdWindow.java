package io.memberlist.messaging.repair;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which numbers of one origin were seen: all up to a floor, and those marked in a bitset above it. Numbers that stay
 * missing hold the floor down until the window has to move on, or {@link #settle} gives them up.
 */
public final class IdWindow {
    /** The most numbers above the floor: 8 KiB of bits. */
    public static final int SPAN = 65536;
    /**
     * How far back one looks on meeting an origin: what is older is not asked for. The first packets of a burst may be lost,
     * so that a number in its middle is the first that comes.
     */
    static final int FIRST_LOOK_BACK = SPAN / 2;

    private static final int WORD = 64;
    /** Some missing ones hold the floor down: whether it may be given up is judged by as many numbers at least. */
    private static final int LEAST_MOVE = 1024;

    private final long first;
    private final long begin;
    private long floor;
    private long highest;
    private long missed;
    private long highestAtLastSettle;
    /** The bit of a number is its distance to the first one above the floor. */
    private BitSet bits = new BitSet();

    private long count;

    /** @param first the number that the origin was met with */
    public IdWindow(long first) {
        this(first, 0);
    }

    /** @param knownElsewhere what is up to here is remembered in another window */
    IdWindow(long first, long knownElsewhere) {
        this.first = first;
        begin = Math.max(knownElsewhere, first - 1 - FIRST_LOOK_BACK);
        floor = begin;
        highest = floor;
        highestAtLastSettle = floor;
    }

    /** {@return whether it is new} */
    public boolean add(long number) {
        if (seen(number)) {
            return false;
        }
        if (number - floor > SPAN) {
            raiseFloor(number - SPAN);
        }
        bits.set(bit(number));
        count++;
        highest = Math.max(highest, number);
        int words = bits.nextClearBit(0) / WORD;
        if (words > 0) {
            raiseFloor(floor + (long) words * WORD);
        }
        return true;
    }

    /** {@return whether it was seen, or is too old to know} */
    boolean seen(long number) {
        return number <= floor || number - floor <= bits.length() && bits.get(bit(number));
    }

    /** {@return whether it was seen here, or given up here; what came before the window began is of no concern} */
    boolean holds(long number) {
        return number > begin && seen(number);
    }

    /** {@return the first number from one on that was not seen; the last of all numbers where there is none} */
    long nextMissing(long from) {
        long number = Math.max(from, floor + 1);
        if (number > 0 && number - floor <= bits.length()) {
            number = floor + 1 + bits.nextClearBit(bit(number));
        }
        return number > 0 ? number : Long.MAX_VALUE;
    }

    /** {@return whether a number is so near to those seen that it belongs to them} */
    boolean isAround(long number) {
        return number >= floor - SPAN
                && number - highest <= SPAN
                && (number - floor <= SPAN || mostlySeen(number - SPAN - floor));
    }

    /**
     * {@return whether the window may move on by so many numbers, since most of those that it leaves behind were seen} Numbers
     * that somebody made up must not drag it away from the real ones.
     */
    private boolean mostlySeen(long by) {
        long words = (Math.max(by, LEAST_MOVE) + WORD - 1) / WORD;
        int seen = bits.get(0, (int) words * WORD).cardinality();
        return seen >= words * WORD / 2;
    }

    /** {@return how many were added} */
    long count() {
        return count;
    }

    long floor() {
        return floor;
    }

    long highest() {
        return highest;
    }

    /** {@return whether a number below is missing} */
    public boolean gapBelow(long number) {
        long end = Math.min(number, highest + 1) - floor - 1;
        if (end > 0 && bits.nextClearBit(0) < end) {
            return true;
        }
        return number > highest + 1;
    }

    /** {@return the first missing numbers above one, up to the highest seen} */
    List<Long> missing(long above, int max) {
        List<Long> missing = new ArrayList<>();
        for (long number = Math.max(floor, above) + 1; number < highest && missing.size() < max; number++) {
            if (!seen(number)) {
                missing.add(number);
            }
        }
        return missing;
    }

    /** Gives up what was missing already at the last call: called once in the time that messages live. */
    void settle() {
        if (highestAtLastSettle > floor) {
            raiseFloor(highestAtLastSettle);
        }
        highestAtLastSettle = highest;
    }

    /** {@return how many numbers were given up since the last call: what came before the first is not among them} */
    long takeMissed() {
        long result = missed;
        missed = 0;
        return result;
    }

    private void raiseFloor(long to) {
        long by = to - floor;
        long from = Math.max(0, first - 1 - floor);
        if (by > from) {
            int end = (int) Math.min(by, bits.length());
            int seen = from < end ? bits.get((int) from, end).cardinality() : 0;
            missed += by - from - seen;
        }
        floor = to;
        highest = Math.max(highest, to);
        bits = by < bits.length() ? bits.get((int) by, bits.length()) : new BitSet();
    }

    private int bit(long number) {
        return (int) (number - floor - 1);
    }
}
