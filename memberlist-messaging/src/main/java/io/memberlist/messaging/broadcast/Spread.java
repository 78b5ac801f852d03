package io.memberlist.messaging.broadcast;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.HashRange;

/**
 * A broadcast that this member sends to a range of members: its own to all, or that of another member to those it serves.
 *
 * @param within the range, by the hashes of the members' names
 * @param hops how often the message may still be passed on
 * @param bornNanos when the message was created, on this member's clock
 */
record Spread(Envelope envelope, HashRange within, int hops, long bornNanos) {
    /** {@return the message for a member that passes it on within a part of the range} */
    byte[] message(HashRange part, long nowNanos) {
        return envelope.passedOn(hops, Math.max(0, nowNanos - bornNanos) / 1_000_000, part);
    }
}
