package io.memberlist.benchmarks.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes that keep every core busy for a while. */
final class Load implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();

    /**
     * Begins.
     *
     * @param nice how they yield to others: 0 as others, negative for more processor time than those
     * @param seconds after which they end
     */
    void begin(int nice, long seconds) throws IOException {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            processes.add(new ProcessBuilder(
                            "nice",
                            "-n",
                            String.valueOf(nice),
                            "timeout",
                            String.valueOf(seconds),
                            "sh",
                            "-c",
                            "while :; do :; done")
                    .inheritIO()
                    .start());
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
