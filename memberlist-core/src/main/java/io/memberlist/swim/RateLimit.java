package io.memberlist.swim;

import io.memberlist.transport.EventLoop;

/** A limit on how often something is done in a second, whoever asks for it. Confined to the loop. */
final class RateLimit {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final EventLoop loop;
    private final int perSecond;
    private long windowStartNanos;
    private int used;

    RateLimit(EventLoop loop, int perSecond) {
        this.loop = loop;
        this.perSecond = perSecond;
        this.windowStartNanos = loop.nanoTime();
    }

    /** {@return whether it may be done once more within this second} */
    boolean tryAcquire() {
        long now = loop.nanoTime();
        if (now - windowStartNanos >= SECOND_NANOS) {
            windowStartNanos = now;
            used = 0;
        }
        if (used >= perSecond) {
            return false;
        }
        used++;
        return true;
    }
}
