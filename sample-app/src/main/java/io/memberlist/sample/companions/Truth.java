package io.memberlist.sample.companions;

/** What this JVM knows of a member for certain. What other members believe of it is its state. */
public enum Truth {
    /** It runs in this JVM. */
    RUNNING,
    /** It runs in this JVM, and stands still. */
    PAUSED,
    /** It ran in this JVM, and was asked to leave. */
    STOPPED,
    /** It ran in this JVM, and was killed. */
    KILLED,
    /** It runs, or ran, in another process, of which nothing is certain. */
    ELSEWHERE
}
