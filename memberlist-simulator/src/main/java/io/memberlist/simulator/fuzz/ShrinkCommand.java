package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.Run.Outcome;
import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Minimises a failing scenario. */
@Command(
        name = "shrink",
        mixinStandardHelpOptions = true,
        description = "Leaves out faults and nodes as long as the same checker reports a violation.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the scenario violates no invariant", "1:it does; the smallest such scenario is printed"})
public final class ShrinkCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Scenario given = options.scenario();
        Output.silenceTheEngine();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        Outcome outcome = new Run(given).execute();
        Outcome last = outcome;
        if (outcome.failed()) {
            String checker = outcome.violations().get(0).checker();
            Scenario smallest = shrink(given, scenario -> {
                Outcome tried = new Run(scenario).execute();
                boolean fails =
                        tried.failed() && tried.violations().get(0).checker().equals(checker);
                progress.println((fails ? "still fails: " : "does not:    ") + scenario.options());
                progress.flush();
                return fails;
            });
            last = new Run(smallest).execute();
        }
        out.println(json ? Output.json(last.asMap()) : text(last));
        out.flush();
        return last.failed() ? 1 : 0;
    }

    private static String text(Outcome outcome) {
        if (!outcome.failed()) {
            return "nothing was violated, so there is nothing to shrink";
        }
        Run.Violation first = outcome.violations().get(0);
        return first.checker() + ": " + first.what() + System.lineSeparator() + outcome.replay();
    }

    /** {@return a scenario that still fails, from which no single fault and no single node can be left out} */
    static Scenario shrink(Scenario failing, Predicate<Scenario> stillFails) {
        Scenario smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Scenario candidate : candidates(smallest)) {
                if (stillFails.test(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static List<Scenario> candidates(Scenario scenario) {
        List<Scenario> candidates = new ArrayList<>();
        for (Fault fault : scenario.faults()) {
            Set<Fault> fewer = EnumSet.copyOf(scenario.faults());
            fewer.remove(fault);
            candidates.add(scenario.withFaults(fewer));
        }
        for (int node = 0; node < scenario.nodes(); node++) {
            Set<Integer> more = new TreeSet<>(scenario.without());
            if (more.add(node) && more.size() < scenario.nodes()) {
                candidates.add(scenario.leavingOut(more));
            }
        }
        return candidates;
    }
}
