package io.memberlist.sample.network;

import java.net.InetSocketAddress;

/**
 * Something on its way from one member to another.
 *
 * @param from who sends it
 * @param to who shall get it
 * @param kind what it is
 * @param about the member it speaks of, empty where it speaks of none
 * @param lost whether the network loses it
 */
public record Hop(InetSocketAddress from, InetSocketAddress to, Kind kind, String about, boolean lost) {
    /** What travels. */
    public enum Kind {
        /** "Are you there?" */
        PROBE,
        /** "Ask that member for me whether it is there." */
        INDIRECT_PROBE,
        /** The answer to either. */
        ACK,
        /** The answer that there was none. */
        NACK,
        /** Somebody is alive, suspected, dead or gone. */
        NEWS,
        /** Something of the application's. */
        MESSAGE,
        /** A stream is opened, most often to exchange all that is known. */
        STREAM
    }
}
