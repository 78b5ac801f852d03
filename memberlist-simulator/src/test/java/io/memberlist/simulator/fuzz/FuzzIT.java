package io.memberlist.simulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Runs new seeds each time, and all scenarios that once failed. */
class FuzzIT {
    private static final int SEEDS = 300;
    private static final Duration LENGTH = Duration.ofMinutes(3);

    /** New seeds every time, or those of {@code -Dmemberlist.fuzz.seeds=1..300}. */
    @Test
    void freshSeedsViolateNothing() throws Exception {
        Output.silenceTheEngine();
        String given =
                System.getProperty("memberlist.fuzz.seeds", Range.fresh(SEEDS).toString());
        Range seeds = new Range.Converter().convert(given);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        out.println("fuzzing; the same again: -Dmemberlist.fuzz.seeds=" + given);
        Campaign campaign = new Campaign(seed -> Scenario.of(seed, 3, 8, LENGTH), true, out);
        Campaign.Result result = campaign.run(seeds, Runtime.getRuntime().availableProcessors());
        out.println(result.text());
        assertThat(result.failed()).as(result.text()).isEmpty();
        if (result.seeds() >= SEEDS) {
            assertThat(result.struck().keySet())
                    .as("every class of faults has happened")
                    .containsExactlyInAnyOrder(Fault.values());
            assertThat(result.ledger().pairs()).as("broadcasts given to others").isGreaterThan(10_000);
            assertThat(result.ledger().repaired()).as("of them missed at first").isGreaterThan(1_000);
            assertThat(result.ledger().owed())
                    .as("still missing when all was well")
                    .isGreaterThan(100);
        }
    }

    @Test
    void seedsThatOnceFailedViolateNothing() throws IOException {
        List<String> scenarios = onceFailed();
        assertThat(scenarios).isNotEmpty();
        List<String> violated = scenarios.parallelStream()
                .filter(options -> new CommandLine(new ReplayCommand()).execute(options.split(" ")) != 0)
                .toList();
        assertThat(violated).as("replay").isEmpty();
    }

    private static List<String> onceFailed() throws IOException {
        InputStream in = Objects.requireNonNull(FuzzIT.class.getResourceAsStream("once-failed.txt"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
