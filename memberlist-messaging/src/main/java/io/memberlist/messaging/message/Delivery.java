package io.memberlist.messaging.message;

/** How a message to one member travels. */
public enum Delivery {
    /**
     * Over a stream: it arrives at the member, or the future fails. A handler there whose queue is full does not get it all the
     * same, which that member logs and counts and the sender does not learn. Send a request where the sender must know.
     */
    RELIABLE,
    /** In one packet, which may get lost. */
    BEST_EFFORT
}
