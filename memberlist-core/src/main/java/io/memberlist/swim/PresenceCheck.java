package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import java.util.function.Consumer;

/** Asks whether the process of a member still lives at its address. */
@FunctionalInterface
interface PresenceCheck {
    /** What was found at an address. */
    enum Presence {
        /** The process answers a ping by its name. */
        ANSWERS,
        /** Nothing answers. The process may be paused or cut off. */
        SILENT,
        /** Pings are unanswered, and nobody takes connections at the address, or the network knows no way to it. */
        ABSENT
    }

    /**
     * Asks, over packets and a stream at the same time.
     *
     * @param outcome called on the loop, once
     */
    void ask(Recipient member, Consumer<Presence> outcome);
}
