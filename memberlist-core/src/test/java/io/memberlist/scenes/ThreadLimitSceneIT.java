package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A user that may have 300 threads. The limit does not hold for root, so the program runs as a user of its own, which may
 * read the files of the build.
 */
@Execution(ExecutionMode.CONCURRENT)
class ThreadLimitSceneIT {
    private static final String USER = "61" + ProcessHandle.current().pid() % 1000;

    @Test
    void everyFutureCompletesWhereTheSystemRefusesThreads() {
        assertThat(completed(300, 3_000)).contains("completed 3000");
    }

    private static String completed(int threads, int messages) {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search",
                "prlimit",
                "--nproc=" + threads));
        try {
            Shell.run(concat(command, "true"));
        } catch (IllegalStateException | UncheckedIOException e) {
            String reason = "no program can run with few threads (that needs Linux, root, setpriv and prlimit): "
                    + e.getMessage();
            return "required".equals(System.getenv("MEMBERLIST_NETNS")) ? fail(reason) : abort("skipped: " + reason);
        }
        command.addAll(Host.javaCommand(CompletionProgram.class, List.of(), List.of(String.valueOf(messages))));
        return Shell.run(command);
    }

    private static List<String> concat(List<String> some, String last) {
        List<String> all = new ArrayList<>(some);
        all.add(last);
        return all;
    }
}
