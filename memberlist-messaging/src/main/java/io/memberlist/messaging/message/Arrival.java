package io.memberlist.messaging.message;

/** How a message came. */
public enum Arrival {
    /** From this member itself. */
    LOCAL,
    /** In a packet, from its origin or from somebody who passed it on. */
    PACKET,
    /** Over a stream, from its origin or from somebody who passed it on. */
    STREAM,
    /** Fetched after it had been missed. */
    REPAIR
}
