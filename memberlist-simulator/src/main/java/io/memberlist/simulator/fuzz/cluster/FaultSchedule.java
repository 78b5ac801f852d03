package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.simulator.fuzz.check.Observation;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Sets the moments at which faults strike and loads act. None does after the faults have ended. */
final class FaultSchedule {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SimulatedCluster cluster;
    private final Scenario scenario;
    private final long length;

    FaultSchedule(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.scenario = cluster.scenario;
        this.length = scenario.duration().toNanos();
    }

    void onNode(int index, long at, Consumer<Node> what) {
        if (!scenario.without().contains(index)) {
            at(at, () -> what.accept(cluster.nodes.get(index)));
        }
    }

    void at(long nanos, Runnable what) {
        cluster.time.schedule(nanos, () -> {
            if (!cluster.ended()) {
                what.run();
            }
        });
    }

    /** Begins something at a drawn moment and ends it at another. */
    void episode(Fault fault, RandomGenerator random, Supplier<Runnable> begin) {
        long at = random.nextLong(length);
        long lasts = random.nextInt(4) == 0 ? random.nextLong(length) : random.nextLong(40 * SECOND);
        at(at, () -> {
            note(fault + " begins for " + lasts / 1_000_000 + " ms");
            Runnable end = begin.get();
            cluster.time.schedule(lasts, end);
        });
    }

    /** @param able whether the fault can strike a node as it is then */
    void strike(Fault fault, RandomGenerator random, int most, Predicate<Node> able, Consumer<Node> what) {
        for (int i = random.nextInt(1, most + 1); i > 0; i--) {
            onNode(anyNode(random), random.nextLong(length), node -> {
                note(fault + " strikes " + node.name);
                if (able.test(node)) {
                    cluster.count(fault);
                    what.accept(node);
                }
            });
        }
    }

    /** Lets somebody act on one node after the other, in equal intervals, with a source of chance for each act. */
    void load(RandomGenerator random, int minMillis, int maxMillis, BiConsumer<Node, RandomGenerator> act) {
        long pause = Duration.ofMillis(random.nextInt(minMillis, maxMillis)).toNanos();
        for (long at = pause; at < length; at += pause) {
            Node node = cluster.nodes.get(anyNode(random));
            RandomGenerator own = new SplittableRandom(random.nextLong());
            at(at, () -> act.accept(node, own));
        }
    }

    int anyNode(RandomGenerator random) {
        return random.nextInt(scenario.nodes());
    }

    void note(String what) {
        cluster.observe(new Observation.Note(what));
    }
}
