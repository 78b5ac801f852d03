package io.memberlist.interop;

import java.util.List;

/** Reads the log of the Go library. The Java library uses the same text for what both log. */
final class GoLog {
    /** The warnings about late answers, which occur on a busy machine. */
    private static final List<String> SLOWNESS = List.of(
            "Failed fallback TCP ping",
            "Was able to connect to",
            "Refuting a suspect message",
            "Refuting a dead message",
            "Refuting an alive message");

    private GoLog() {}

    /** {@return whether the line is a warning or an error} */
    static boolean isComplaint(String line) {
        return line.contains("[ERR") || line.contains("[WARN]");
    }

    /** {@return whether the warning is only about a late answer} */
    static boolean tellsOfSlowness(String line) {
        return SLOWNESS.stream().anyMatch(line::contains);
    }
}
