package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.HashSet;
import java.util.Set;

/**
 * How often members that are thought to have ended may be told so. What they are told in answer to, a ping or an alive
 * message, names the address that the answer goes to, and anybody can send it in another's name: without a limit a member
 * would throw as many packets at a stranger as it is asked to. One that goes untold is told at its next ping.
 */
final class DeadNotificationLimiter {
    static final int MAX_AT_A_TIME = 128;
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final EventLoop loop;
    private final Set<String> told = new HashSet<>();
    private long sinceNanos;

    DeadNotificationLimiter(EventLoop loop) {
        this.loop = loop;
        this.sinceNanos = loop.nanoTime();
    }

    /** {@return whether a member may be told now: each once in a second, and not too many of them} Counts as told then. */
    boolean tryAcquire(String name) {
        long now = loop.nanoTime();
        if (now - sinceNanos >= WINDOW_NANOS) {
            sinceNanos = now;
            told.clear();
        }
        return told.size() < MAX_AT_A_TIME && told.add(name);
    }
}
