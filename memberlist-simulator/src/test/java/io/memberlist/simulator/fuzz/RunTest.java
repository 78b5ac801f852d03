package io.memberlist.simulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.simulator.fuzz.check.Checker;
import io.memberlist.simulator.fuzz.check.EventOrder;
import io.memberlist.simulator.fuzz.check.IncarnationsMonotonic;
import io.memberlist.simulator.fuzz.check.NoResurrection;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.fuzz.cluster.SimulatedCluster;
import io.memberlist.simulator.scale.Output;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Set<Fault> ALL_BUT_HOURS = EnumSet.complementOf(EnumSet.of(Fault.LONG_PARTITION));

    @Test
    void aRunIsAFunctionOfItsScenario() {
        Output.silenceTheEngine();
        for (long seed = 1; seed <= 6; seed++) {
            Scenario scenario = Scenario.of(seed, 3, 6, A_MINUTE).withFaults(ALL_BUT_HOURS);
            List<String> first = trace(scenario);
            assertThat(first).hasSizeGreaterThan(50);
            assertThat(trace(scenario)).as("seed %d", seed).isEqualTo(first);
        }
        assertThat(trace(Scenario.of(1, 3, 6, A_MINUTE))).isNotEqualTo(trace(Scenario.of(2, 3, 6, A_MINUTE)));
    }

    @Test
    void aTraceShowsWhatIsSaidAndThought() {
        Output.silenceTheEngine();
        List<String> trace = trace(Scenario.of(5, 6, 6, A_MINUTE).withFaults(EnumSet.of(Fault.CRASH)));
        assertThat(trace)
                .anyMatch(line ->
                        line.matches(" +[0-9.]+ n\\d#1 says to n\\d@[0-9.:]+: ping seq=\\d+ node=n\\d.* \\(crc .*"))
                .anyMatch(line ->
                        line.matches(" +[0-9.]+ n\\d#1 hears from .*suspect node=n\\d incarnation=1 from=n\\d.*"))
                .anyMatch(line -> line.contains(" stream answer from ") && line.contains("push/pull join of "))
                .anyMatch(line -> line.matches(" +[0-9.]+ n\\d#1 health [1-8]"))
                .anyMatch(line -> line.contains(" sees Member[n") && line.contains(" DEAD "));
    }

    private static List<String> trace(Scenario scenario) {
        List<String> lines = new ArrayList<>();
        new Run(scenario).tracing(lines::add).execute();
        return lines;
    }

    @Test
    void aNodeThatIsLeftOutDoesNothing() {
        Output.silenceTheEngine();
        Scenario scenario = Scenario.of(3, 4, 4, A_MINUTE).leavingOut(Set.of(2));
        assertThat(trace(scenario))
                .anyMatch(line -> line.contains("n1#1 starts"))
                .noneMatch(line -> line.contains("n2#1"));
    }

    @Test
    void anApplicationThatIsToldOnlyHalfOfTheChangesIsFoundOut() {
        Output.silenceTheEngine();
        EventOrder checker =
                new EventOrder(MemberlistConfig.lan().nodeName("any").build());
        List<String> report = new ArrayList<>();
        int[] events = new int[1];
        SimulatedCluster cluster = new SimulatedCluster(Scenario.of(5, 4, 4, A_MINUTE), (nanos, observation) -> {
            if (!(observation instanceof Observation.EventDelivered) || events[0]++ % 2 == 0) {
                checker.observe(observation, report::add);
            }
        });
        cluster.run(() -> false);
        assertThat(events[0]).isGreaterThan(4);
        assertThat(report).isNotEmpty();
    }

    @Test
    void aNetworkThatBringsBackTheDeadIsFoundOut() {
        Output.silenceTheEngine();
        // The observed members are reset to their first incarnation, as if old messages were accepted.
        List<Checker> checkers = List.of(new IncarnationsMonotonic(), new NoResurrection());
        List<String> report = new ArrayList<>();
        SimulatedCluster cluster = new SimulatedCluster(
                Scenario.of(5, 4, 4, A_MINUTE).withFaults(EnumSet.of(Fault.RESTART, Fault.CRASH, Fault.META)),
                (nanos, observation) -> {
                    for (Checker checker : checkers) {
                        checker.observe(
                                observation instanceof Observation.MemberChanged seen
                                                && seen.after() != null
                                                && nanos > 3e10
                                        ? new Observation.MemberChanged(
                                                seen.observer(), seen.member(), old(seen.after()))
                                        : observation,
                                report::add);
                    }
                });
        cluster.run(() -> false);
        assertThat(report).isNotEmpty();
    }

    private static Member old(Member member) {
        return new Member(
                member.name(),
                member.address(),
                member.meta(),
                member.state(),
                0,
                member.versions(),
                member.stateSince());
    }

    @Test
    void shrinkingKeepsOnlyWhatTheFailureNeeds() {
        Scenario failing = Scenario.of(1, 6, 6, A_MINUTE).withFaults(EnumSet.allOf(Fault.class));
        Scenario smallest = ShrinkCommand.shrink(
                failing,
                scenario -> scenario.faults().contains(Fault.LOSS)
                        && scenario.faults().contains(Fault.PAUSE)
                        && !scenario.without().contains(4));
        assertThat(smallest.faults()).containsExactlyInAnyOrder(Fault.LOSS, Fault.PAUSE);
        assertThat(smallest.without()).containsExactly(0, 1, 2, 3, 5);
        assertThat(smallest.seed()).isEqualTo(failing.seed());
    }

    @Test
    void aCampaignTellsWhatItCameTo() {
        StringWriter progress = new StringWriter();
        Campaign campaign =
                new Campaign(seed -> Scenario.of(seed, 3, 3, Duration.ofSeconds(1)), true, new PrintWriter(progress));
        Campaign.Result result = campaign.run(new Range(1, 2), 2);
        assertThat(result.seeds()).isEqualTo(2);
        assertThat(result.text()).contains("2 seeds").contains("nothing was violated");
        assertThat(result.json()).contains("\"violations\" : [ ]");
    }

    @Test
    void aCampaignNamesTheCommandThatRepeatsAFailureAtOnceAndInTheEnd() {
        StringWriter progress = new StringWriter();
        // A run of no length cannot plan its faults, so the simulator fails.
        Campaign campaign = new Campaign(
                seed -> Scenario.of(seed, 3, 3, Duration.ZERO).withFaults(EnumSet.of(Fault.LOSS)),
                true,
                new PrintWriter(progress));
        Campaign.Result result = campaign.run(new Range(1, 2), 1);
        for (String text : List.of(progress.toString(), result.text())) {
            assertThat(text)
                    .contains("seed 1: the simulator itself", "seed 2: the simulator itself")
                    .contains("replay --seed 1 --nodes 3 --seconds 0 --faults loss --trace");
        }
    }
}
