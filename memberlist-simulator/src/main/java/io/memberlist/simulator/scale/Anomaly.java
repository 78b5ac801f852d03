package io.memberlist.simulator.scale;

/** What stands still at an anomalous member. */
public enum Anomaly {
    /**
     * Sends and receives, as in the Lifeguard paper, and what waits for them: a probe goes on when its packets have left.
     * Timers run, those of suspicions above all.
     */
    io,
    /** All of the process: timers that are due wait as well, and go off when it wakes. */
    process
}
