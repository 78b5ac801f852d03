package io.memberlist.metrics;

/** What the protocol measures, beside what it counts. */
public enum Measurement {
    /** Nanoseconds from a direct ping to its ack. */
    PROBE_ROUND_TRIP,
    /** Nanoseconds that a probe took from its ping to its result, indirect pings included. */
    PROBE_TIME,
    /** Nanoseconds that one round of gossip took on the protocol's thread. */
    GOSSIP_TIME,
    /** Nanoseconds that a full state exchange begun by this member took, whether it succeeded or not. */
    PUSH_PULL_TIME,
    /** Nanoseconds by which a timer of the protocol fired late: how far the event loop is behind. */
    LOOP_LAG,
    /** Bytes of a full state that was sent, as they went over the stream. */
    STATE_SENT,
    /** Bytes of a full state that was received, as they came over the stream. */
    STATE_RECEIVED
}
