package io.memberlist.interop;

/** The Go programs beside which tests run. Each is a Go module of its own. {@code interop/README.md} describes them. */
enum GoProgram {
    /** A node on the plain library. */
    MEMBERLIST("", "memberlist-node"),

    /** A peer of Alertmanager's cluster. */
    ALERTMANAGER("alertmanager", "alertmanager-peer"),

    /** A node of dskit's key-value store, on Grafana's fork of the library. */
    DSKIT("dskit", "dskit-node");

    private final String directory;
    private final String file;

    GoProgram(String directory, String file) {
        this.directory = directory;
        this.file = file;
    }

    /** {@return the directory of its module, below {@code interop}} */
    String directory() {
        return directory;
    }

    /** {@return the name of the built program} */
    String file() {
        return file;
    }
}
