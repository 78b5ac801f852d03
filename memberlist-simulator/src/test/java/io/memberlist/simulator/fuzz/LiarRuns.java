package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.check.HealthyMembersStay;
import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.fuzz.cluster.SimulatedCluster;
import io.memberlist.simulator.scale.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Runs seeds in which liars do what they can and nothing else goes wrong, and returns how long somebody was lost. It is public,
 * since tests load it again with a broken engine.
 */
public final class LiarRuns implements LongFunction<Map<String, String>> {
    private final EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);

    /** @param faults the faults of each run */
    public LiarRuns(String faults) {
        Arrays.stream(faults.split(",")).map(Fault::valueOf).forEach(this.faults::add);
        Output.silenceTheEngine();
    }

    @Override
    public Map<String, String> apply(long seed) {
        Scenario scenario = Scenario.of(seed, 3, 8, Duration.ofMinutes(3)).withFaults(faults);
        HealthyMembersStay checker =
                new HealthyMembersStay(SimulatedCluster.config(scenario), scenario.nodes() + SimulatedCluster.GHOSTS);
        List<String> violations = new ArrayList<>();
        new SimulatedCluster(scenario, (nanos, observation) -> checker.observe(observation, violations::add))
                .run(() -> !violations.isEmpty());
        return violations.isEmpty() ? Map.of() : Map.of("HealthyMembersStay", violations.get(0));
    }
}
