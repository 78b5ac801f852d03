package io.memberlist.sample.network;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whatever happens to one member passes here, in order; while the gate is shut it waits, as in a process that was
 * stopped. To be used on the member's event loop only.
 */
final class PauseGate {
    /** A process that stands still loses packets once its buffers are full. */
    private static final int MAX_PACKETS = 500;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;
    private int packets;

    void shut() {
        shut = true;
    }

    /** Lets everything through that waits. */
    void open() {
        shut = false;
        while (!shut && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        packets = 0;
    }

    void pass(Runnable action) {
        if (shut || !waiting.isEmpty()) {
            waiting.add(action);
        } else {
            action.run();
        }
    }

    void passPacket(Runnable action) {
        if (!shut || packets++ < MAX_PACKETS) {
            pass(action);
        }
    }
}
