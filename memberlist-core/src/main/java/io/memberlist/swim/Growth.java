package io.memberlist.swim;

import org.jspecify.annotations.Nullable;

/** Tells whether the number of members grows much at the moment, counted in windows of a few seconds. */
final class Growth {
    /** One newcomer to so many members is much. */
    private static final int SHARE = 16;

    /** So many newcomers are a few, however small the cluster is. */
    private static final int FEW = 16;

    private static final long WINDOW_NANOS = 5_000_000_000L;

    private static final long LASTS_NANOS = 10_000_000_000L;

    private int liveThen;
    private @Nullable Long windowNanos;
    private @Nullable Long lastNanos;
    private @Nullable Long manyNanos;

    /** Takes it that many come, whoever has come until now. */
    void begin(long nowNanos) {
        reset();
        manyNanos = nowNanos;
    }

    /** Who has come until now does not count any more. */
    void reset() {
        windowNanos = null;
        manyNanos = null;
    }

    /**
     * Notes a newcomer.
     *
     * @param live how many members this one knows now
     */
    void newcomer(int live, long nowNanos) {
        lastNanos = nowNanos;
        int before = live - 1;
        if (windowNanos == null || nowNanos - windowNanos > WINDOW_NANOS) {
            windowNanos = nowNanos;
            liveThen = before;
        }
        liveThen = Math.min(liveThen, before);
        int newcomers = live - liveThen;
        if (newcomers >= FEW && isMuch(newcomers, live)) {
            manyNanos = nowNanos;
        }
    }

    /** {@return whether so many newcomers are much for a cluster} */
    static boolean isMuch(long newcomers, long live) {
        return newcomers * SHARE >= live;
    }

    /** {@return whether many have come, not long ago} */
    boolean lasts(long nowNanos) {
        return manyNanos != null && nowNanos - manyNanos < LASTS_NANOS;
    }

    /** {@return whether nobody has come for this time} */
    boolean pausesFor(long nanos, long nowNanos) {
        return lastNanos == null || nowNanos - lastNanos >= nanos;
    }
}
