package io.memberlist.messaging.metrics;

/** Why a message was not delivered, not passed on or not sent. */
public enum MessageDropReason {
    /** Bytes behind the magic prefix that are no envelope: cut off, forged lengths, text that is no UTF-8. */
    MALFORMED,
    /** An envelope of a version that this one does not know. */
    VERSION,
    /** Above one of the bounds: topic, headers, names. */
    TOO_LARGE,
    /** Older than messages may get. */
    EXPIRED,
    /** This member's own broadcast come back. */
    LOOP,
    /** Seen before, or too old to know. */
    DUPLICATE,
    /** An answer that nobody waits for, any more or at all. */
    UNASKED,
    /** More messages wait to be sent than may wait. */
    OUTGOING_FULL,
    /** A handler hangs, or did not keep up with messages to this member, and lost this one. */
    INCOMING_FULL,
    /** A broadcast that a handler had no room for. It is not lost: it is fetched when there is room. */
    REFUSED,
    /** A broadcast of which this member knows that it was sent, and which no member has any more. */
    MISSED,
    /** Held back for order, beyond what may be held; delivered out of order instead. */
    HOLD_BACK_FULL,
    /** Not passed on by gossip, since too many waited; repair does it. */
    RELAY_FULL,
    /** No member could be reached to take over a part of a large broadcast. */
    UNREACHABLE
}
