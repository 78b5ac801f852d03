package io.memberlist.member;

/** In which of the two ways a live member can be reached from the local one: packets (UDP) and streams (TCP). */
public enum Reachability {
    /** Packets and streams arrive. */
    FULL,
    /** Packets arrive and streams do not: state exchanges and reliable messages to the member fail. */
    PACKETS_ONLY,
    /** Streams arrive and packets do not: the member is probed over streams, and gossip to it is lost. */
    STREAMS_ONLY
}
