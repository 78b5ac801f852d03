package io.memberlist.benchmarks.scale;

/** What is measured. */
enum Scene {
    /** All members join one seed at the same moment. */
    STORM,
    /** The same beside processes that keep all cores busy for the first minute. */
    BUSY,
    /** One member after the other joins. */
    LADDER,
    /** A cluster has formed and nothing happens. */
    QUIET,
    /** A cluster has formed, and processes of a higher priority keep all cores busy for a minute. */
    STARVED,
    /** Five members of a cluster end without a word. */
    FAILURES,
    /** One member that knows no other. */
    LONE,
    /** A JVM without a member, to compare with {@link #LONE}. */
    JVM
}
