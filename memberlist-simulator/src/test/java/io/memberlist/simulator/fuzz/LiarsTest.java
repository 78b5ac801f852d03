package io.memberlist.simulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runs, of 240, in which liars kept members out for longest: for eight to fifteen seconds. */
class LiarsTest {
    private static final Set<Fault> LIARS = EnumSet.of(Fault.LIES, Fault.ATTACKS, Fault.META);

    @ParameterizedTest
    @ValueSource(longs = {43, 37, 46})
    void keepNobodyOut(long seed) {
        Output.silenceTheEngine();
        Scenario scenario = Scenario.of(seed, 3, 8, Duration.ofMinutes(3)).withFaults(LIARS);
        Run.Outcome outcome = new Run(scenario).execute();
        assertThat(outcome.violations()).isEmpty();
        assertThat(outcome.struck()).containsKeys(Fault.LIES, Fault.ATTACKS);
    }
}
