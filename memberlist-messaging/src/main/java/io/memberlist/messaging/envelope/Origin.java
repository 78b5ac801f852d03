package io.memberlist.messaging.envelope;

import io.memberlist.transport.EventLoop;
import java.time.Instant;

/**
 * Where messages come from: one life of one member.
 *
 * @param name the member's name
 * @param instance chosen when it was created, unlike that of any other life
 */
public record Origin(String name, long instance) implements Comparable<Origin> {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /**
     * {@return a member's new life} Its instance comes from the moment it begins, in nanoseconds, mixed until it looks like
     * chance: no other life begins in the same one. The loop's random source is left alone, so that what a simulation does
     * does not change with messaging.
     */
    public static Origin ofThisLife(String name, EventLoop loop) {
        Instant now = loop.wallClock();
        return new Origin(name, mixed(now.getEpochSecond() * 1_000_000_000 + now.getNano() ^ mixed(loop.nanoTime())));
    }

    /** For tables: whoever sends messages may choose names and instances that all meet in one place of them. */
    @Override
    public int compareTo(Origin other) {
        int byInstance = Long.compare(instance, other.instance);
        return byInstance != 0 ? byInstance : name.compareTo(other.name);
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
