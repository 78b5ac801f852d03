package io.memberlist.interop;

import java.util.List;

/** Reads the Go library's log. The Java library words what it has in common with it alike. */
final class GoLog {
    /** What a node says when answers come late, as they do on a busy machine. */
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

    /** {@return whether the complaint is no more than that some answer came late} */
    static boolean tellsOfSlowness(String line) {
        return SLOWNESS.stream().anyMatch(line::contains);
    }
}
