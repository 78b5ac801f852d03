package io.memberlist.simulator.scale;

/** The part of an anomalous member that stands still. */
public enum Anomaly {
    /**
     * Sends and receives stand still, as in the Lifeguard paper, and so does everything that waits for them: a probe
     * continues when its packets have left. Timers run, especially those of suspicions.
     */
    io,
    /** The whole process stands still: timers wait as well, and fire when it wakes. */
    process
}
