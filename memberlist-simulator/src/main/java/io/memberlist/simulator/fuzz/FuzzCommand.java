package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs many seeds. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        description = "Runs clusters with random faults, one for each seed, and checks all invariants.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:no invariant was violated",
            "1:an invariant was violated; the command that repeats the run is printed"
        })
public final class FuzzCommand implements Callable<Integer> {
    private static final int MAX_THREADS = 1024;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--seeds",
            defaultValue = "1..1000",
            converter = Range.Converter.class,
            description = "the seeds to run (default: ${DEFAULT-VALUE})")
    private Range seeds = new Range(1, 1000);

    @Option(
            names = "--fresh",
            paramLabel = "<count>",
            description = "instead of --seeds, run this number of seeds that nobody has run before")
    private @Nullable Long fresh;

    @Option(
            names = "--nodes",
            defaultValue = "3..12",
            converter = Range.Converter.class,
            description = "the number of nodes, drawn from this range, 1 to 200 (default: ${DEFAULT-VALUE})")
    private Range nodes = new Range(3, 12);

    @Option(
            names = "--minutes",
            defaultValue = "3",
            description = "simulated minutes with faults (default: ${DEFAULT-VALUE})")
    private double minutes = 3;

    @Option(
            names = "--always",
            split = ",",
            converter = FaultConverter.class,
            description = "faults and loads of every seed, in addition to the drawn ones: names separated by commas")
    private List<Fault> always = List.of();

    @Option(
            names = "--faults",
            split = ",",
            converter = FaultConverter.class,
            description = "instead of the drawn ones, the faults and loads of every seed: names separated by commas")
    private List<Fault> faults = List.of();

    @Option(names = "--threads", description = "number of parallel runs (default: one per processor)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--keep-going", description = "do not stop at the first violation")
    private boolean keepGoing;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Override
    public Integer call() {
        require(seeds.first() >= 0, "--seeds must not be below 0: write 1..1000, or 7 for one alone");
        require(fresh == null || fresh >= 1, "--fresh " + fresh + " must be at least 1");
        require(
                nodes.first() >= 1 && nodes.last() <= ScenarioOptions.MAX_NODES,
                "--nodes must be within 1.." + ScenarioOptions.MAX_NODES);
        require(
                minutes > 0 && minutes * 60 <= ScenarioOptions.MAX_SECONDS,
                "--minutes " + minutes + " must be above 0 and at most " + ScenarioOptions.MAX_SECONDS / 60);
        require(threads >= 1 && threads <= MAX_THREADS, "--threads " + threads + " must be within 1.." + MAX_THREADS);
        Output.silenceTheEngine();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        Duration duration = Duration.ofSeconds(Math.max(1, Math.round(minutes * 60)));
        if (fresh != null) {
            seeds = Range.fresh(fresh);
            progress.println("the same seeds again: --seeds " + seeds);
        }
        Campaign campaign = new Campaign(seed -> scenario(seed, duration), keepGoing, progress);
        Campaign.Result result = campaign.run(seeds, threads);
        out.println(json ? result.json() : result.text());
        out.flush();
        return result.failed().isEmpty() ? 0 : 1;
    }

    private Scenario scenario(long seed, Duration duration) {
        Scenario drawn = Scenario.of(seed, (int) nodes.first(), (int) nodes.last(), duration);
        Set<Fault> all = new HashSet<>(faults.isEmpty() ? drawn.faults() : faults);
        all.addAll(always);
        return drawn.withFaults(all);
    }

    private static final class FaultConverter implements ITypeConverter<Fault> {
        @Override
        public Fault convert(String name) {
            for (Fault fault : Fault.values()) {
                if (fault.name().equalsIgnoreCase(name.trim())) {
                    return fault;
                }
            }
            throw new TypeConversionException("there is no '" + name.trim() + "'; write some of "
                    + Arrays.toString(Fault.values()).toLowerCase(Locale.ROOT));
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
