package io.memberlist.benchmarks.scale;

/** What is measured. */
enum Scene {
    /** All members join one seed at the same moment. */
    STORM,
    /** One member after the other joins. */
    LADDER,
    /** A cluster has formed and nothing happens. */
    QUIET,
    /** Five members of a cluster end without a word. */
    FAILURES,
    /** One member that knows no other. */
    LONE,
    /** A JVM without a member, to compare with {@link #LONE}. */
    JVM
}
