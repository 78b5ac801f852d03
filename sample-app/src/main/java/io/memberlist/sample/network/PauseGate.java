package io.memberlist.sample.network;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The gate that all tasks of one member pass, in order. While the gate is shut they wait, as in a stopped process. Use
 * it on the event loop of the member only.
 */
final class PauseGate {
    /** A stopped process loses packets when its buffers are full. */
    private static final int MAX_PACKETS = 500;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;
    private int packets;

    void shut() {
        shut = true;
    }

    /** Lets everything that waits pass. */
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
