package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Runs seeds, and returns the violations by checker. It is public, since tests load it again with a broken engine. */
public final class SeedRuns implements LongFunction<Map<String, String>> {
    private final String faults;

    /** @param faults the faults of each run; empty for those that the seed draws */
    public SeedRuns(String faults) {
        this.faults = faults;
        Output.silenceTheEngine();
    }

    @Override
    public Map<String, String> apply(long seed) {
        Scenario scenario = Scenario.of(seed, 3, 8, Duration.ofMinutes(3));
        if (!faults.isEmpty()) {
            EnumSet<Fault> named = EnumSet.noneOf(Fault.class);
            Arrays.stream(faults.split(",")).map(Fault::valueOf).forEach(named::add);
            scenario = scenario.withFaults(named);
        }
        Map<String, String> report = new TreeMap<>();
        for (Run.Violation violation : new Run(scenario).execute().violations()) {
            report.putIfAbsent(violation.checker(), violation.what());
        }
        return report;
    }
}
