package io.memberlist.simulator.scale;

import java.util.ArrayDeque;
import java.util.Deque;

/** The gate that everything that one member sends and receives passes, in order. While the gate is shut, it waits. */
public final class IoGate {
    private final ReceiveBuffer inbox;
    private final boolean stopsTheProcess;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;
    private boolean ended;

    /** @param stopsTheProcess whether the gate also holds back what the kernel does */
    IoGate(ReceiveBuffer inbox, boolean stopsTheProcess) {
        this.inbox = inbox;
        this.stopsTheProcess = stopsTheProcess;
    }

    boolean stopsTheProcess() {
        return stopsTheProcess;
    }

    public void shut() {
        shut = true;
        inbox.block();
    }

    /** Lets everything that waits pass, and what follows from it. */
    public void open() {
        shut = false;
        while (!shut && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        inbox.unblock();
    }

    /** Closes the sockets: data that waits to be read is gone; data that waits to be sent finds them closed. */
    void end() {
        ended = true;
        inbox.end();
    }

    /** {@return whether the sockets are closed} */
    boolean ended() {
        return ended;
    }

    void pass(Runnable action) {
        if (shut || !waiting.isEmpty()) {
            waiting.add(action);
        } else {
            action.run();
        }
    }

    /** Takes a packet that has arrived. */
    void receive(int length, Runnable delivery) {
        if (stopsTheProcess) {
            pass(delivery);
        } else {
            inbox.arrived(length, delivery);
        }
    }

    /** Runs an action of the kernel, which continues while the member is blocked in a call. */
    void kernel(Runnable action) {
        if (stopsTheProcess) {
            pass(action);
        } else {
            action.run();
        }
    }

    /** {@return the number of waiting actions and packets} */
    int waiting() {
        return waiting.size() + inbox.waiting();
    }
}
