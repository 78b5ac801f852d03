package io.memberlist.simulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        Object command =
                switch (arguments[0]) {
                    case "fuzz" -> new FuzzCommand();
                    case "shrink" -> new ShrinkCommand();
                    default -> new ReplayCommand();
                };
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "fuzz --seeds 5..1 | '5..1' is no range",
                "fuzz --seeds many | 'many' is no range",
                "fuzz --fresh 0 | --fresh 0 must be at least 1",
                "fuzz --nodes 0..3 | --nodes must be within 1..200",
                "fuzz --minutes 0 | --minutes 0.0 must be above 0",
                "fuzz --always los | there is no 'los'; write some of [loss",
                "fuzz --threads 0 | --threads 0 must be within",
                "replay --seed 1 --seconds 0 | --seconds 0 must be within",
                "replay --seed 1 --nodes 300 | --nodes must be within 1..200",
                "replay --seed 1 --nodes 4 --without 9 | '9' is no node of this scenario",
                "replay --seed 1 --nodes 2 --without 0,1 | leaves out all 2 nodes",
                "replay --seed 1 --faults los | there is no 'los'",
                "shrink --seed -4 | --seed -4 must not be below 0",
            })
    void wrongInputIsNamedWithTheRemedy(String line, String complaint) {
        assertThat(run(line.trim().split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(complaint).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void resultsAreForProgramsToo() {
        assertThat(run("fuzz", "--seeds", "1..2", "--nodes", "3", "--minutes", "0.1", "--json"))
                .isZero();
        assertThat(out.toString())
                .startsWith("{")
                .contains("\"seeds\" : 2", "\"simulatedHours\"", "\"blocked_io\"", "\"violations\" : [ ]");
    }

    @Test
    void freshSeedsAreNamedSoThatTheyCanRunAgain() {
        assertThat(run("fuzz", "--fresh", "2", "--nodes", "3", "--minutes", "0.1"))
                .isZero();
        assertThat(out.toString()).startsWith("2 seeds in ");
        assertThat(err.toString()).matches("(?s)the same seeds again: --seeds \\d{10,}\\.\\.\\d{10,}\\s.*");
    }

    @Test
    void aReplayIsTheSameEachTime() {
        assertThat(run("replay", "--seed", "1", "--nodes", "3", "--seconds", "5"))
                .isZero();
        String first = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run("replay", "--seed", "1", "--nodes", "3", "--seconds", "5"))
                .isZero();
        assertThat(first).startsWith("trace ").isEqualTo(out.toString());
    }
}
