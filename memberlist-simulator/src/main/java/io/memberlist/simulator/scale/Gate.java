package io.memberlist.simulator.scale;

import java.util.ArrayDeque;
import java.util.Deque;

/** What happens to one member passes here, in order; while the gate is shut it waits. */
public final class Gate {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;

    public void shut() {
        shut = true;
    }

    /** Lets everything through that waits, and what follows from it. */
    public void open() {
        shut = false;
        while (!shut && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    void pass(Runnable action) {
        if (shut || !waiting.isEmpty()) {
            waiting.add(action);
        } else {
            action.run();
        }
    }

    /** {@return how much waits} */
    int waiting() {
        return waiting.size();
    }
}
