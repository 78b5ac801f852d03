package io.memberlist.simulator.fuzz.cluster;

/**
 * The kinds of faults and loads. Each draws from its own random source, so that leaving one out does not change the
 * others.
 */
public enum Fault {
    /** Packets are lost. */
    LOSS,
    /** Packets are delayed by a random time, so that they can overtake each other. */
    DELAY,
    /** Single packets are delayed while later ones pass. */
    REORDER,
    /** Packets arrive twice. */
    DUPLICATE,
    /** Bits of packets are flipped. */
    FLIP,
    /** Packets are truncated. */
    TRUNCATE,
    /** Some nodes cannot reach others, while the opposite direction works. */
    ONE_WAY,
    /** The nodes are split into two or three sides that do not reach each other, for up to the whole run. */
    PARTITION,
    /** After all other faults the nodes stay split into two sides for hours. */
    LONG_PARTITION,
    /** A link is cut and open in turns. */
    FLAP,
    /** Streams stall half way. */
    STREAM_STALL,
    /** Streams are reset half way. */
    STREAM_BREAK,
    /** A process crashes and does not restart. */
    CRASH,
    /** A process crashes, and a new one starts under the same name and address. */
    RESTART,
    /** A process crashes, and a new one starts under the same name at another address. */
    MOVE,
    /** The host of a running process gets another address; sometimes it is without a network meanwhile. */
    ADDRESS_CHANGE,
    /** All processes crash and restart within seconds. */
    MASS_RESTART,
    /** While a process is cut off, all others crash, and new ones start under their names at other addresses. */
    REPLACE,
    /** Look-ups of names fail, stay without an answer, or give an address that is out of date. */
    LOOK_UPS,
    /** A node leaves; it stays away, joins again, or its process is replaced. */
    LEAVE,
    /** A node starts late. */
    LATE_JOIN,
    /** A process stands still for some time and wakes. */
    PAUSE,
    /** Sends and receives of a process wait, while its timers run, as in the Lifeguard paper. */
    BLOCKED_IO,
    /** The clock of a process runs fast or slow. */
    SKEW,
    /** The application is slow in callbacks. */
    SLOW_CALLBACKS,
    /** The machine of all processes is too slow for some time, so that the work of a quiet cluster is too much for it. */
    OVERLOAD,
    /** A Byzantine peer sends bytes without meaning. */
    GARBAGE,
    /** A Byzantine peer, which has the key if there is one, forges updates about members. */
    LIES,
    /** A Byzantine peer, which has the key if there is one, sends what makes members work, and what it recorded. */
    ATTACKS,
    /** Nodes gossip user messages. */
    BROADCAST,
    /** Nodes send messages to each other, in packets and over streams. */
    MESSAGES,
    /** Nodes change their metadata. */
    META,
    /** The key of an encrypted cluster is rotated. */
    KEYS,
    /** Nodes broadcast cluster messages, and send messages and requests to single members. */
    CLUSTER_MESSAGES,
    /** With cluster messages: nodes broadcast thousands of them at once, to handlers that are slow. */
    BURST;

    /** {@return whether this is a load and not a fault} A load loses nothing. */
    boolean isLoad() {
        return this == BROADCAST || this == MESSAGES || this == META || this == CLUSTER_MESSAGES || this == BURST;
    }
}
