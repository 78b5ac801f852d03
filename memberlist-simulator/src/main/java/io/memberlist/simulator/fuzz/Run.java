package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.check.Bounded;
import io.memberlist.simulator.fuzz.check.BroadcastsComeOnce;
import io.memberlist.simulator.fuzz.check.BroadcastsInOrder;
import io.memberlist.simulator.fuzz.check.Checker;
import io.memberlist.simulator.fuzz.check.ClusterMessagesUnaltered;
import io.memberlist.simulator.fuzz.check.EverybodyIsReached;
import io.memberlist.simulator.fuzz.check.FuturesComplete;
import io.memberlist.simulator.fuzz.check.Heals;
import io.memberlist.simulator.fuzz.check.IncarnationsRise;
import io.memberlist.simulator.fuzz.check.MessagesUnaltered;
import io.memberlist.simulator.fuzz.check.NeverDeadToOneself;
import io.memberlist.simulator.fuzz.check.NobodyRises;
import io.memberlist.simulator.fuzz.check.NothingEscapes;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.check.OrderOfEvents;
import io.memberlist.simulator.fuzz.check.Post;
import io.memberlist.simulator.fuzz.check.StatesFollow;
import io.memberlist.simulator.fuzz.check.SuspicionsEndInTime;
import io.memberlist.simulator.fuzz.check.TheDeadAreForgotten;
import io.memberlist.simulator.fuzz.check.TheDeadAreSilent;
import io.memberlist.simulator.fuzz.check.WordsCount;
import io.memberlist.simulator.fuzz.check.WordsStand;
import io.memberlist.simulator.fuzz.world.Fault;
import io.memberlist.simulator.fuzz.world.Scenario;
import io.memberlist.simulator.fuzz.world.World;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a scenario under the eyes of all checkers. */
final class Run {
    private final Scenario scenario;
    private final List<Checker> checkers = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Checker.Complaints complaints = this::violated;
    private final Post post;
    private @Nullable Consumer<String> trace;
    private @Nullable Checker asked;
    private long now;

    Run(Scenario scenario) {
        this.scenario = scenario;
        this.post = new Post(World.config(scenario), World.clockFactor(scenario));
        // Without encryption only some packets carry a checksum. Flipped bits make up names, incarnations that nobody
        // can outbid, and messages; what is known of a member must keep its order all the same.
        boolean credulous = World.credulous(scenario);
        checkers.add(new IncarnationsRise());
        checkers.add(new NobodyRises());
        checkers.add(new OrderOfEvents());
        checkers.add(new NeverDeadToOneself());
        checkers.add(new WordsStand());
        checkers.add(new WordsCount());
        checkers.add(new StatesFollow());
        checkers.add(new SuspicionsEndInTime(World.config(scenario)));
        checkers.add(new NothingEscapes());
        checkers.add(new TheDeadAreSilent());
        if (!credulous) {
            boolean strangers = scenario.faults().contains(Fault.GARBAGE) && !World.encrypted(scenario);
            checkers.add(new Bounded(scenario.nodes() + World.GHOSTS, World.config(scenario)));
            checkers.add(new TheDeadAreForgotten(World.config(scenario), scenario.nodes() + World.GHOSTS));
            checkers.add(new Heals());
            if (scenario.faults().contains(Fault.CLUSTER_MESSAGES)) {
                checkers.add(new EverybodyIsReached(post));
                checkers.add(new BroadcastsComeOnce());
                checkers.add(new BroadcastsInOrder(World.config(scenario), World.clockFactor(scenario)));
                checkers.add(new ClusterMessagesUnaltered(!scenario.faults().contains(Fault.LIES)));
                checkers.add(new FuturesComplete());
            }
            if (!strangers) {
                checkers.add(new MessagesUnaltered());
            }
        }
    }

    /** Writes down all that is observed. */
    Run tracing(Consumer<String> lines) {
        trace = lines;
        return this;
    }

    Outcome execute() {
        World world = new World(scenario, this::observed);
        Consumer<String> lines = trace;
        if (lines != null) {
            world.trace();
        }
        world.run(() -> !violations.isEmpty());
        return new Outcome(
                scenario, world.elapsed(), Map.copyOf(world.counts()), post.tally(), List.copyOf(violations));
    }

    private void observed(long nanos, Observation observation) {
        Consumer<String> lines = trace;
        if (lines != null && !(observation instanceof Observation.Digested)) {
            lines.accept(at(nanos) + " " + observation.text());
        }
        now = nanos;
        for (int i = 0; i < checkers.size(); i++) {
            asked = checkers.get(i);
            asked.observe(observation, complaints);
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

    /** What should not have been. */
    record Violation(String checker, String at, String what) {}

    /**
     * How a run ended.
     *
     * @param struck how often each fault has struck
     * @param post how many broadcasts were given to how many
     */
    record Outcome(
            Scenario scenario, Duration elapsed, Map<Fault, Long> struck, Post.Tally post, List<Violation> violations) {
        boolean failed() {
            return !violations.isEmpty();
        }

        /** {@return the command that shows the run again} */
        String replay() {
            return "java -jar " + jar() + " replay " + scenario.options() + " --trace";
        }

        /** {@return the archive this runs from, so that the command can be run as it is} */
        private static String jar() {
            String path = System.getProperty("java.class.path", "");
            return path.endsWith(".jar") && !path.contains(File.pathSeparator)
                    ? path
                    : "memberlist-simulator/target/memberlist-simulator.jar";
        }

        /** {@return what a program would want to know} */
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
