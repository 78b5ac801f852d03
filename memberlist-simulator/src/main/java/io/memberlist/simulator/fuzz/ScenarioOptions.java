package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.world.Fault;
import io.memberlist.simulator.fuzz.world.Scenario;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** One scenario, as the other commands print it. */
final class ScenarioOptions {
    @Option(names = "--seed", required = true, description = "the seed of the run")
    private long seed;

    @Option(
            names = "--nodes",
            defaultValue = "3..12",
            converter = Range.Converter.class,
            description = "how many nodes, or a range to draw from as fuzz does (default: ${DEFAULT-VALUE})")
    private Range nodes = new Range(3, 12);

    @Option(
            names = "--seconds",
            defaultValue = "180",
            description = "simulated seconds in which faults happen (default: ${DEFAULT-VALUE})")
    private long seconds = 180;

    @Option(
            names = "--faults",
            defaultValue = "",
            description = "what may happen: names with commas between, or none; drawn from the seed where not given")
    private String faults = "";

    @Option(names = "--without", defaultValue = "", description = "numbers of nodes to leave out, with commas between")
    private String without = "";

    Scenario scenario() {
        Scenario drawn =
                Scenario.of(seed, (int) nodes.first(), (int) nodes.last(), Duration.ofSeconds(Math.max(1, seconds)));
        if (!faults.isEmpty()) {
            drawn = drawn.withFaults(named());
        }
        Set<Integer> leftOut = new TreeSet<>();
        try {
            Arrays.stream(without.split(","))
                    .filter(text -> !text.isBlank())
                    .forEach(text -> leftOut.add(Integer.parseInt(text.trim())));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("--without '" + without + "': write numbers of nodes, as in 0,3");
        }
        return drawn.leavingOut(leftOut);
    }

    private Set<Fault> named() {
        Set<Fault> named = EnumSet.noneOf(Fault.class);
        for (String name : faults.split(",")) {
            String trimmed = name.trim();
            if (!trimmed.isEmpty() && !trimmed.equals("none")) {
                try {
                    named.add(Fault.valueOf(trimmed.toUpperCase(Locale.ROOT)));
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException("--faults: there is no fault '" + trimmed + "'; there are "
                            + Arrays.toString(Fault.values()).toLowerCase(Locale.ROOT));
                }
            }
        }
        return named;
    }
}
