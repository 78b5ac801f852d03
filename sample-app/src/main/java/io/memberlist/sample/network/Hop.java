package io.memberlist.sample.network;

import java.net.InetSocketAddress;

/**
 * A packet or stream from one member to another.
 *
 * @param from the sender
 * @param to the receiver
 * @param kind the kind of content
 * @param about the member it is about, or what identifies a broadcast; empty if there is neither
 * @param sequence the number that a probe and its answers have in common, 0 for other kinds
 * @param lost whether the network loses it
 */
public record Hop(InetSocketAddress from, InetSocketAddress to, Kind kind, String about, long sequence, boolean lost) {
    /** The kinds of content. */
    public enum Kind {
        /** A ping. */
        PROBE,
        /** A request to ping another member. */
        INDIRECT_PROBE,
        /** The answer to a ping. */
        ACK,
        /** The answer that an indirect ping had no ack. */
        NACK,
        /** An alive, suspect or dead message. */
        NEWS,
        /** A user message. */
        MESSAGE,
        /** A digest of the messages that the sender has received, or a request for those that it has missed. */
        DIGEST,
        /** A stream, most often for a push/pull. */
        STREAM
    }
}
