package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of one scenario, in the form that the commands print. */
final class ScenarioOptions {
    static final int MAX_NODES = 200;
    static final long MAX_SECONDS = 30L * 24 * 3600;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--seed", required = true, description = "the seed of the run, 0 or above")
    private long seed;

    @Option(
            names = "--nodes",
            defaultValue = "3..12",
            converter = Range.Converter.class,
            description = "the number of nodes, or a range to draw from as fuzz does (default: ${DEFAULT-VALUE})")
    private Range nodes = new Range(3, 12);

    @Option(
            names = "--seconds",
            defaultValue = "180",
            description = "simulated seconds with faults (default: ${DEFAULT-VALUE})")
    private long seconds = 180;

    @Option(
            names = "--faults",
            defaultValue = "",
            description = "faults and loads: names separated by commas, or none; drawn from the seed if not given")
    private String faults = "";

    @Option(names = "--without", defaultValue = "", description = "numbers of nodes to leave out, separated by commas")
    private String without = "";

    Scenario scenario() {
        require(seed >= 0, "--seed " + seed + " must not be below 0");
        require(nodes.first() >= 1 && nodes.last() <= MAX_NODES, "--nodes must be within 1.." + MAX_NODES);
        require(seconds >= 1 && seconds <= MAX_SECONDS, "--seconds " + seconds + " must be within 1.." + MAX_SECONDS);
        Scenario drawn = Scenario.of(seed, (int) nodes.first(), (int) nodes.last(), Duration.ofSeconds(seconds));
        if (!faults.isEmpty()) {
            drawn = drawn.withFaults(named());
        }
        return without.isEmpty() ? drawn : drawn.leavingOut(leftOut(drawn.nodes()));
    }

    private Set<Integer> leftOut(int count) {
        Set<Integer> leftOut = new TreeSet<>();
        for (String text : without.split(",")) {
            String trimmed = text.trim();
            boolean number = trimmed.matches("\\d{1,4}") && Integer.parseInt(trimmed) < count;
            require(
                    number,
                    "--without: '" + trimmed + "' is no node of this scenario: write numbers from 0 to " + (count - 1)
                            + " with commas between, as in 0,2");
            leftOut.add(Integer.parseInt(trimmed));
        }
        require(leftOut.size() < count, "--without leaves out all " + count + " nodes: leave at least one in");
        return leftOut;
    }

    private Set<Fault> named() {
        Set<Fault> named = EnumSet.noneOf(Fault.class);
        for (String name : faults.split(",")) {
            String trimmed = name.trim().toUpperCase(Locale.ROOT);
            if (!trimmed.equals("NONE")) {
                require(
                        Arrays.stream(Fault.values())
                                .anyMatch(fault -> fault.name().equals(trimmed)),
                        "--faults: there is no '" + name.trim() + "'; write none, or some of "
                                + Arrays.toString(Fault.values()).toLowerCase(Locale.ROOT));
                named.add(Fault.valueOf(trimmed));
            }
        }
        return named;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
