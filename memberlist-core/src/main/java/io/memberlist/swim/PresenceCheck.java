package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import java.util.function.Consumer;

/** Asks whether a process of a name lives at an address. */
interface PresenceCheck {
    /** What was found at an address. */
    enum Presence {
        /** The process answers a ping by its name. */
        ANSWERS,
        /** Somebody takes connections and does not answer, as at a process that is paused. */
        HANGS,
        /** Nothing answers, not even the kernel. The process may be cut off. */
        SILENT,
        /** Pings are unanswered, and nobody takes connections at the address, or the network knows no way to it. */
        ABSENT
    }

    /**
     * Asks the process that is known under a name, over packets and a stream at the same time.
     *
     * @param outcome called on the loop, once
     */
    void askHolder(Recipient holder, Consumer<Presence> outcome);

    /**
     * Asks a process that claims a name, over a stream where members may be pinged so. It would take a packet for a sign that
     * it is known under the name.
     *
     * @param answers called on the loop, once
     */
    void askClaimant(Recipient claimant, Consumer<Boolean> answers);

    /**
     * Asks a process of which somebody told: by a packet, and over a stream too where that is not answered.
     *
     * @param answers called on the loop, once
     */
    void askNewcomer(Recipient newcomer, Consumer<Boolean> answers);
}
