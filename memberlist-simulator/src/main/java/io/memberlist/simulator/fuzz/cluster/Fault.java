package io.memberlist.simulator.fuzz.cluster;

/** The classes of what befalls a cluster, load included. Each draws from a random source of its own. */
public enum Fault {
    /** Packets get lost. */
    LOSS,
    /** Packets are late by a drawn time, so that they also overtake each other. */
    DELAY,
    /** Single packets are held back while later ones pass. */
    REORDER,
    /** Packets arrive twice. */
    DUPLICATE,
    /** Bits of packets are flipped. */
    FLIP,
    /** Packets lose their end. */
    TRUNCATE,
    /** Nothing gets from some nodes to others, while the other way is open. */
    ONE_WAY,
    /** The nodes fall into two sides that hear nothing of each other, for up to the whole run. */
    PARTITION,
    /** After all other faults the nodes stay two sides for hours. */
    LONG_PARTITION,
    /** A link that is cut and open by turns. */
    FLAP,
    /** Streams stop half way, without a word. */
    STREAM_STALL,
    /** Streams are reset half way. */
    STREAM_BREAK,
    /** A process dies and stays dead, at least until the faults end. */
    CRASH,
    /** A process dies and a new one begins under the same name and address. */
    RESTART,
    /** A process dies and a new one begins under the same name at another address. */
    MOVE,
    /** All processes die and begin again within seconds. */
    MASS_RESTART,
    /** A node leaves; it stays away, joins again, or its process is replaced. */
    LEAVE,
    /** A node starts late. */
    LATE_JOIN,
    /** A process stands still for seconds and wakes. */
    PAUSE,
    /** Sends and receives of a process wait, while its timers run, as in the Lifeguard paper. */
    BLOCKED_IO,
    /** A clock runs fast or slow. */
    SKEW,
    /** The application takes its time in callbacks. */
    SLOW_CALLBACKS,
    /** A stranger sends bytes that mean nothing. */
    GARBAGE,
    /** A peer, with the key if there is one, forges news of members. */
    LIES,
    /** Nodes broadcast messages. */
    BROADCAST,
    /** Nodes send messages to each other, in packets and over streams. */
    MESSAGES,
    /** Nodes change their metadata. */
    META,
    /** The key of an encrypted cluster is rotated. */
    KEYS,
    /** Nodes broadcast cluster messages, and send them to and ask single members. */
    CLUSTER_MESSAGES;

    /** {@return whether it is no trouble but what applications do} Nothing gets lost because of it. */
    boolean isLoad() {
        return this == BROADCAST || this == MESSAGES || this == META || this == CLUSTER_MESSAGES;
    }
}
