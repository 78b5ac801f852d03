package io.memberlist.messaging.message;

/** How a message to one member travels. */
public enum Delivery {
    /** Over a stream: it arrives, or the future fails. The receiver may still drop it where it is overrun. */
    RELIABLE,
    /** In one packet, which may get lost. */
    BEST_EFFORT
}
