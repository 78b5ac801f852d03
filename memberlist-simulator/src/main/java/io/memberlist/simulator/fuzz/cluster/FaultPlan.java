package io.memberlist.simulator.fuzz.cluster;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;

/** Plans when which fault strikes whom. Every class draws from a source of its own, so that leaving one out moves none. */
final class FaultPlan {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long STARTING = 5 * SECOND;
    private static final int LARGEST_BURST = 20_000;

    private final SimulatedCluster cluster;
    private final Scenario scenario;
    private final long length;
    private final FaultSchedule schedule;
    private final ProcessFaults processes;
    private final ClusterMessageWorkload clusterMessages;

    FaultPlan(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.scenario = cluster.scenario;
        this.length = scenario.duration().toNanos();
        this.schedule = new FaultSchedule(cluster);
        this.processes = new ProcessFaults(cluster, schedule);
        this.clusterMessages = new ClusterMessageWorkload(cluster);
    }

    void plan() {
        startNodes();
        for (Fault fault : scenario.faults()) {
            plan(fault, scenario.source("plan " + fault));
        }
    }

    private void startNodes() {
        RandomGenerator random = scenario.source("start");
        RandomGenerator late = scenario.source("plan " + Fault.LATE_JOIN);
        for (int i = 0; i < scenario.nodes(); i++) {
            long at = i == 0 ? 0 : random.nextLong(STARTING);
            boolean isLate = late.nextInt(3) == 0;
            long lateAt = late.nextLong(Math.max(1, length));
            if (isLate && i > 0 && scenario.faults().contains(Fault.LATE_JOIN)) {
                at = lateAt;
                schedule.onNode(i, at, node -> {
                    cluster.count(Fault.LATE_JOIN);
                    node.start(0);
                });
            } else {
                schedule.onNode(i, at, node -> node.start(0));
            }
        }
    }

    private void plan(Fault fault, RandomGenerator random) {
        switch (fault) {
            case LOSS -> link(fault, random, 0.02, 0.6);
            case DELAY -> link(fault, random, 1, 1500);
            case REORDER, DUPLICATE, FLIP, TRUNCATE -> link(fault, random, 0.01, 0.5);
            case STREAM_STALL, STREAM_BREAK -> link(fault, random, 0.02, 0.7);
            case ONE_WAY -> link(fault, random, 1, 1.1);
            case PARTITION -> partitions(random);
            case FLAP -> flaps(random);
            case CRASH ->
                schedule.strike(
                        fault, random, 3, Node::runs, node -> node.process().crash());
            case RESTART -> processes.restarts(fault, random, false);
            case MOVE -> processes.restarts(fault, random, true);
            case MASS_RESTART -> processes.massRestart(random);
            case REPLACE -> processes.replacement(random);
            case LOOK_UPS -> lookUps(random);
            case ADDRESS_CHANGE -> processes.addressChanges(random);
            case LEAVE -> processes.leaves(random);
            case PAUSE -> processes.pauses(random);
            case BLOCKED_IO -> processes.blocks(random);
            case SKEW -> processes.skews(random);
            case SLOW_CALLBACKS -> processes.slowCallbacks(random);
            case OVERLOAD -> cluster.overload.plan(random, schedule, length);
            case GARBAGE, LIES, ATTACKS -> schedule.load(random, 100, 8000, new ByzantinePeer(cluster, fault)::act);
            case BROADCAST, MESSAGES, META -> schedule.load(random, 200, 10_000, new Workload(cluster, fault)::act);
            case CLUSTER_MESSAGES -> schedule.load(random, 500, 8000, clusterMessages::act);
            case BURST -> bursts(random);
            case KEYS -> rotations(random);
            case LATE_JOIN, LONG_PARTITION -> {
                // Planned with the start of the nodes, and begins when all others have ended.
            }
        }
    }

    private void link(Fault fault, RandomGenerator random, double weakest, double strongest) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            double strength = random.nextDouble(weakest, strongest);
            BiPredicate<Integer, Integer> on = links(random);
            schedule.episode(fault, random, () -> cluster.networkFaults.begin(fault, strength, on));
        }
    }

    private BiPredicate<Integer, Integer> links(RandomGenerator random) {
        int kind = random.nextInt(5);
        int a = schedule.anyNode(random);
        int b = schedule.anyNode(random);
        return switch (kind) {
            case 0 -> (from, to) -> from == a;
            case 1 -> (from, to) -> to == a;
            case 2 -> (from, to) -> from == a && to == b;
            case 3 -> (from, to) -> (from == a) != (to == a) && from >= 0 && to >= 0;
            default -> (from, to) -> from >= 0 && to >= 0 && (from + to) % 2 == a % 2;
        };
    }

    private void partitions(RandomGenerator random) {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int sides = random.nextInt(4) == 0 ? 3 : 2;
            long cut = random.nextLong();
            int[] side = new int[scenario.nodes()];
            RandomGenerator sorted = new SplittableRandom(cut);
            for (int n = 0; n < side.length; n++) {
                side[n] = sorted.nextInt(sides);
            }
            schedule.episode(
                    Fault.PARTITION,
                    random,
                    () -> cluster.networkFaults.begin(
                            Fault.PARTITION, 1, (from, to) -> from >= 0 && to >= 0 && side[from] != side[to]));
        }
    }

    private void flaps(RandomGenerator random) {
        BiPredicate<Integer, Integer> on = links(random);
        long period = random.nextLong(SECOND / 5, 15 * SECOND);
        schedule.episode(
                Fault.FLAP,
                random,
                () -> cluster.networkFaults.begin(
                        Fault.FLAP, 1, (from, to) -> cluster.time.nanos() / period % 2 == 0 && on.test(from, to)));
    }

    private void lookUps(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            double share = random.nextDouble(0.1, 1.2);
            schedule.episode(Fault.LOOK_UPS, random, () -> {
                cluster.network.disturb(share);
                return () -> cluster.network.disturb(0);
            });
        }
    }

    private void bursts(RandomGenerator random) {
        int size = random.nextInt(50) == 0 ? LARGEST_BURST : random.nextInt(200, 1500);
        schedule.onNode(
                schedule.anyNode(random), random.nextLong(length), node -> clusterMessages.burst(node, random, size));
    }

    private void rotations(RandomGenerator random) {
        if (!cluster.settings.encrypted) {
            return;
        }
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            byte[] key = Settings.key(random);
            long at = random.nextLong(length);
            schedule.at(at, () -> new KeyRotation(cluster, key).begin());
        }
    }
}
