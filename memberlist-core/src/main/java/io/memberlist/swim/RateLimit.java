package io.memberlist.swim;

import io.memberlist.transport.EventLoop;

/** A limit on how often something is done within some time, whoever asks for it. Confined to the loop. */
final class RateLimit {
    private final EventLoop loop;
    private final int times;
    private final long windowNanos;
    private long windowStartNanos;
    private int used;

    /** @param times how often it may be done within each window */
    RateLimit(EventLoop loop, int times, long windowNanos) {
        this.loop = loop;
        this.times = times;
        this.windowNanos = windowNanos;
        this.windowStartNanos = loop.nanoTime();
    }

    /** {@return whether it may be done once more within this window} */
    boolean tryAcquire() {
        long now = loop.nanoTime();
        if (now - windowStartNanos >= windowNanos) {
            windowStartNanos = now;
            used = 0;
        }
        if (used >= times) {
            return false;
        }
        used++;
        return true;
    }
}
