package io.memberlist.simulator.scale;

import java.util.ArrayDeque;
import java.util.Deque;

/** What one member sends and receives passes here, in order; while the gate is shut it waits. */
public final class IoGate {
    private final ReceiveBuffer inbox;
    private final boolean stopsTheProcess;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean shut;
    private boolean ended;

    /** @param stopsTheProcess whether it is shut to all there is, what the kernel does included */
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

    /** Lets everything through that waits, and what follows from it. */
    public void open() {
        shut = false;
        while (!shut && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        inbox.unblock();
    }

    /** The sockets are closed: what waits to be read is gone. What waits to be sent finds them closed. */
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

    /** A packet has arrived. */
    void receive(int length, Runnable delivery) {
        if (stopsTheProcess) {
            pass(delivery);
        } else {
            inbox.arrived(length, delivery);
        }
    }

    /** Something that the kernel does on its own, though the member is blocked in a call. */
    void kernel(Runnable action) {
        if (stopsTheProcess) {
            pass(action);
        } else {
            action.run();
        }
    }

    /** {@return how much waits} */
    int waiting() {
        return waiting.size() + inbox.waiting();
    }
}
