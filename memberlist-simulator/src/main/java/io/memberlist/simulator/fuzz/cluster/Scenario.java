package io.memberlist.simulator.fuzz.cluster;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The input of a run, which is a pure function of it.
 *
 * @param seed the source of every random draw
 * @param nodes the number of nodes, including those left out
 * @param duration how long faults happen; afterwards the cluster has time to heal
 * @param faults the faults and loads that may happen
 * @param without the numbers of nodes that are never started; faults do not happen to them
 */
public record Scenario(long seed, int nodes, Duration duration, Set<Fault> faults, Set<Integer> without) {
    /** Copies the sets, in an order of their own. */
    public Scenario {
        if (nodes < 1) {
            throw new IllegalArgumentException(nodes + " nodes are too few: at least one is needed");
        }
        EnumSet<Fault> ordered = EnumSet.noneOf(Fault.class);
        ordered.addAll(faults);
        faults = java.util.Collections.unmodifiableSet(ordered);
        without = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(without));
    }

    private static final int EVERY = 100;
    private static final int LONG_AT = 7;
    private static final int OVERLOAD_ALONE_AT = 57;

    /**
     * {@return the scenario of a seed: the number of nodes and about half of the faults are drawn} Each fault is drawn
     * separately, so that a new one does not change the others. A partition of hours, which takes as long as twenty
     * other runs, happens at every hundredth seed; so does an overload without other faults, which shall harm nobody.
     */
    public static Scenario of(long seed, int minNodes, int maxNodes, Duration duration) {
        RandomGenerator random = source(seed, "scenario");
        int nodes = random.nextInt(minNodes, maxNodes + 1);
        double share = random.nextDouble(0.1, 0.8);
        if (Math.floorMod(seed, EVERY) == OVERLOAD_ALONE_AT) {
            return new Scenario(seed, nodes, duration, EnumSet.of(Fault.OVERLOAD), Set.of());
        }
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            boolean drawn = fault == Fault.LONG_PARTITION
                    ? Math.floorMod(seed, EVERY) == LONG_AT
                    : source(seed, "has " + fault).nextDouble() < share;
            if (drawn) {
                faults.add(fault);
            }
        }
        return new Scenario(seed, nodes, duration, faults, Set.of());
    }

    public Scenario withFaults(Set<Fault> others) {
        return new Scenario(seed, nodes, duration, others, without);
    }

    public Scenario leavingOut(Set<Integer> others) {
        return new Scenario(seed, nodes, duration, faults, others);
    }

    /** {@return the random source for one purpose, split off the seed} */
    public RandomGenerator source(Object purpose) {
        return source(seed, purpose.toString());
    }

    private static RandomGenerator source(long seed, String purpose) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ (0x9e3779b97f4a7c15L * purpose.hashCode()));
    }

    /** {@return the options that describe this scenario to the commands} */
    public String options() {
        String text = "--seed " + seed + " --nodes " + nodes + " --seconds " + duration.toSeconds() + " --faults "
                + (faults.isEmpty()
                        ? "none"
                        : faults.stream()
                                .map(fault -> fault.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(",")));
        return without.isEmpty()
                ? text
                : text + " --without " + without.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
