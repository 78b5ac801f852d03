package io.memberlist.simulator.fuzz;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.simulator.fuzz.check.AddressChangesSpread;
import io.memberlist.simulator.fuzz.check.AtMostOnceDelivery;
import io.memberlist.simulator.fuzz.check.BoundedResources;
import io.memberlist.simulator.fuzz.check.BroadcastOrder;
import io.memberlist.simulator.fuzz.check.BurstsArrive;
import io.memberlist.simulator.fuzz.check.Checker;
import io.memberlist.simulator.fuzz.check.ClusterMessageIntegrity;
import io.memberlist.simulator.fuzz.check.Convergence;
import io.memberlist.simulator.fuzz.check.DeadMembersReaped;
import io.memberlist.simulator.fuzz.check.DeliveryLedger;
import io.memberlist.simulator.fuzz.check.EventOrder;
import io.memberlist.simulator.fuzz.check.EventualDelivery;
import io.memberlist.simulator.fuzz.check.FuturesComplete;
import io.memberlist.simulator.fuzz.check.HealthyMembersStay;
import io.memberlist.simulator.fuzz.check.IncarnationsMonotonic;
import io.memberlist.simulator.fuzz.check.LateMembersStay;
import io.memberlist.simulator.fuzz.check.LegalStateTransitions;
import io.memberlist.simulator.fuzz.check.NoResurrection;
import io.memberlist.simulator.fuzz.check.NoUncaughtExceptions;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.check.OnlyMembersHearGossip;
import io.memberlist.simulator.fuzz.check.QuietAfterOverload;
import io.memberlist.simulator.fuzz.check.SelfIsAlive;
import io.memberlist.simulator.fuzz.check.StoppedProcessesSilent;
import io.memberlist.simulator.fuzz.check.SuspicionTimeouts;
import io.memberlist.simulator.fuzz.check.UpdatesNeedNewIncarnation;
import io.memberlist.simulator.fuzz.check.UpdatesTakeEffect;
import io.memberlist.simulator.fuzz.check.UserMessageIntegrity;
import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.fuzz.cluster.SimulatedCluster;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a scenario with all checkers. */
final class Run {
    /** Faults that disturb nothing, and loads. */
    private static final Set<Fault> LIES_ALONE = EnumSet.of(
            Fault.GARBAGE,
            Fault.LIES,
            Fault.ATTACKS,
            Fault.LATE_JOIN,
            Fault.BROADCAST,
            Fault.MESSAGES,
            Fault.META,
            Fault.KEYS,
            Fault.CLUSTER_MESSAGES,
            Fault.BURST);

    private final Scenario scenario;
    private final List<Checker> checkers = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final DeliveryLedger ledger;
    private @Nullable Consumer<String> trace;
    private @Nullable Checker asked;
    private long now;

    Run(Scenario scenario) {
        this.scenario = scenario;
        MemberlistConfig config = SimulatedCluster.config(scenario);
        int clockFactor = SimulatedCluster.clockFactor(scenario);
        int names = scenario.nodes() + SimulatedCluster.GHOSTS;
        this.ledger = new DeliveryLedger(config, clockFactor);
        // Without encryption only some packets carry a checksum. Flipped bits then forge names, messages, and
        // incarnations that nobody can refute. The order of what is known of a member must hold nevertheless.
        checkers.add(new IncarnationsMonotonic());
        checkers.add(new NoResurrection());
        checkers.add(new EventOrder(config));
        checkers.add(new SelfIsAlive());
        checkers.add(new UpdatesNeedNewIncarnation());
        checkers.add(new UpdatesTakeEffect());
        checkers.add(new LegalStateTransitions());
        checkers.add(new SuspicionTimeouts(config));
        checkers.add(new NoUncaughtExceptions());
        checkers.add(new StoppedProcessesSilent());
        checkers.add(new OnlyMembersHearGossip());
        if (!SimulatedCluster.credulous(scenario)) {
            boolean strangers = scenario.faults().contains(Fault.GARBAGE) && !SimulatedCluster.encrypted(scenario);
            checkers.add(new BoundedResources(names, config));
            checkers.add(new DeadMembersReaped(config, names));
            checkers.add(new Convergence());
            checkers.add(new AddressChangesSpread(config));
            if (scenario.faults().contains(Fault.CLUSTER_MESSAGES)) {
                checkers.add(new EventualDelivery(ledger));
                checkers.add(new BurstsArrive());
                checkers.add(new AtMostOnceDelivery());
                checkers.add(new BroadcastOrder(config, clockFactor));
                checkers.add(new ClusterMessageIntegrity(!forges(scenario)));
                checkers.add(new FuturesComplete());
            }
            if (LIES_ALONE.containsAll(scenario.faults())) {
                checkers.add(new HealthyMembersStay(config, names));
            }
            if (EnumSet.of(Fault.OVERLOAD).containsAll(scenario.faults())) {
                checkers.add(new LateMembersStay());
                checkers.add(new QuietAfterOverload(config));
            }
            if (!strangers) {
                checkers.add(new UserMessageIntegrity());
            }
        }
    }

    private static boolean forges(Scenario scenario) {
        return scenario.faults().contains(Fault.LIES) || scenario.faults().contains(Fault.ATTACKS);
    }

    /** Writes all observations to a trace. */
    Run tracing(Consumer<String> lines) {
        trace = lines;
        return this;
    }

    Outcome execute() {
        SimulatedCluster cluster = new SimulatedCluster(scenario, this::observed);
        if (trace != null) {
            cluster.trace();
        }
        cluster.run(() -> !violations.isEmpty());
        return new Outcome(
                scenario, cluster.elapsed(), Map.copyOf(cluster.counts()), ledger.tally(), List.copyOf(violations));
    }

    private void observed(long nanos, Observation observation) {
        if (trace != null && !(observation instanceof Observation.PacketHandled)) {
            trace.accept(at(nanos) + " " + observation.text());
        }
        now = nanos;
        for (Checker checker : checkers) {
            asked = checker;
            checker.observe(observation, this::violated);
        }
    }

    private void violated(String what) {
        String checker = asked == null ? "?" : asked.getClass().getSimpleName();
        violations.add(new Violation(checker, at(now), what));
        if (trace != null) {
            trace.accept(at(now) + " VIOLATION " + checker + ": " + what);
        }
    }

    private static String at(long nanos) {
        return String.format(Locale.ROOT, "%12.6f", nanos / 1e9);
    }

    /** A violation of an invariant. */
    record Violation(String checker, String at, String what) {}

    /**
     * The outcome of a run.
     *
     * @param struck how often each fault has struck
     * @param ledger the totals of delivered broadcasts
     */
    record Outcome(
            Scenario scenario,
            Duration elapsed,
            Map<Fault, Long> struck,
            DeliveryLedger.Tally ledger,
            List<Violation> violations) {
        boolean failed() {
            return !violations.isEmpty();
        }

        /** {@return the command that repeats the run} */
        String replay() {
            return "java -jar " + jar() + " replay " + scenario.options() + " --trace";
        }

        /** {@return the jar that this code runs from, so that the command works as printed} */
        private static String jar() {
            String path = System.getProperty("java.class.path", "");
            return path.endsWith(".jar") && !path.contains(File.pathSeparator)
                    ? path
                    : "memberlist-simulator/target/memberlist-simulator.jar";
        }

        /** {@return the outcome for programs} */
        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("seed", scenario.seed());
            map.put("scenario", scenario.options());
            map.put("simulatedSeconds", elapsed.toSeconds());
            map.put("replay", replay());
            map.put("violations", violations);
            return map;
        }
    }
}
