package io.memberlist.interop;

/** Reads the Go library's log. */
final class GoLog {
    private GoLog() {}

    /** {@return whether the line is a warning or an error} */
    static boolean isComplaint(String line) {
        return line.contains("[ERR") || line.contains("[WARN]");
    }
}
