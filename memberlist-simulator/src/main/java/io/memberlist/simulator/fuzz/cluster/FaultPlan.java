package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Plans when which fault strikes whom. Every class draws from a source of its own, so that leaving one out moves none. */
final class FaultPlan {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long STARTING = 5 * SECOND;
    private static final int HOSTS = 40;
    private static final int LARGEST_BURST = 20_000;
    /** How many times as fast as time a clock may run. */
    static final int FASTEST_CLOCK = 3;

    private final SimulatedCluster cluster;
    private final Scenario scenario;
    private final long length;
    private final ClusterMessageWorkload clusterMessages;
    private int host;

    FaultPlan(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.scenario = cluster.scenario;
        this.length = scenario.duration().toNanos();
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
                onNode(i, at, node -> {
                    cluster.count(Fault.LATE_JOIN);
                    node.start(0);
                });
            } else {
                onNode(i, at, node -> node.start(0));
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
                strike(fault, random, 3, Node::runs, node -> node.process().crash());
            case RESTART -> restarts(fault, random, false);
            case MOVE -> restarts(fault, random, true);
            case MASS_RESTART -> massRestart(random);
            case REPLACE -> replacement(random);
            case LOOK_UPS -> lookUps(random);
            case ADDRESS_CHANGE -> addressChanges(random);
            case LEAVE -> leaves(random);
            case PAUSE -> pauses(random);
            case BLOCKED_IO -> blocks(random);
            case SKEW -> skews(random);
            case SLOW_CALLBACKS -> slowCallbacks(random);
            case GARBAGE, LIES, ATTACKS -> load(random, 100, 8000, new ByzantinePeer(cluster, fault)::act);
            case BROADCAST, MESSAGES, META -> load(random, 200, 10_000, new Workload(cluster, fault)::act);
            case CLUSTER_MESSAGES -> load(random, 500, 8000, clusterMessages::act);
            case BURST -> bursts(random);
            case KEYS -> rotations(random);
            case LATE_JOIN, LONG_PARTITION -> {
                // Planned with the start of the nodes, and begins when all others have ended.
            }
        }
    }

    /** Lets somebody act on one node after the other, in equal intervals, with a source of chance for each act. */
    private void load(RandomGenerator random, int minMillis, int maxMillis, BiConsumer<Node, RandomGenerator> act) {
        long pause = Duration.ofMillis(random.nextInt(minMillis, maxMillis)).toNanos();
        for (long at = pause; at < length; at += pause) {
            Node node = cluster.nodes.get(anyNode(random));
            RandomGenerator own = new SplittableRandom(random.nextLong());
            at(at, () -> act.accept(node, own));
        }
    }

    private void link(Fault fault, RandomGenerator random, double weakest, double strongest) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            double strength = random.nextDouble(weakest, strongest);
            BiPredicate<Integer, Integer> on = links(random);
            episode(fault, random, () -> cluster.networkFaults.begin(fault, strength, on));
        }
    }

    private BiPredicate<Integer, Integer> links(RandomGenerator random) {
        int kind = random.nextInt(5);
        int a = anyNode(random);
        int b = anyNode(random);
        return switch (kind) {
            case 0 -> (from, to) -> from == a;
            case 1 -> (from, to) -> to == a;
            case 2 -> (from, to) -> from == a && to == b;
            case 3 -> (from, to) -> (from == a) != (to == a) && from >= 0 && to >= 0;
            default -> (from, to) -> from >= 0 && to >= 0 && (from + to) % 2 == a % 2;
        };
    }

    private int anyNode(RandomGenerator random) {
        return random.nextInt(scenario.nodes());
    }

    /** Begins something at a drawn moment and ends it at another. */
    private void episode(Fault fault, RandomGenerator random, Supplier<Runnable> begin) {
        long at = random.nextLong(length);
        long lasts = random.nextInt(4) == 0 ? random.nextLong(length) : random.nextLong(40 * SECOND);
        at(at, () -> {
            note(fault + " begins for " + lasts / 1_000_000 + " ms");
            Runnable end = begin.get();
            cluster.time.schedule(lasts, end);
        });
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
            episode(
                    Fault.PARTITION,
                    random,
                    () -> cluster.networkFaults.begin(
                            Fault.PARTITION, 1, (from, to) -> from >= 0 && to >= 0 && side[from] != side[to]));
        }
    }

    private void flaps(RandomGenerator random) {
        BiPredicate<Integer, Integer> on = links(random);
        long period = random.nextLong(SECOND / 5, 15 * SECOND);
        episode(
                Fault.FLAP,
                random,
                () -> cluster.networkFaults.begin(
                        Fault.FLAP, 1, (from, to) -> cluster.time.nanos() / period % 2 == 0 && on.test(from, to)));
    }

    /** @param able whether the fault can strike a node as it is then */
    private void strike(Fault fault, RandomGenerator random, int most, Predicate<Node> able, Consumer<Node> what) {
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

    private void restarts(Fault fault, RandomGenerator random, boolean elsewhere) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            long pause = random.nextBoolean() ? random.nextLong(2 * SECOND) : random.nextLong(60 * SECOND);
            strike(fault, random, 1, Node::runs, node -> {
                node.process().crash();
                // What begins again does so even if the faults have ended by then.
                cluster.time.schedule(pause, () -> node.start(elsewhere ? anotherHost() : host(node)));
            });
        }
    }

    private void addressChanges(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            boolean offline = random.nextBoolean();
            long before = random.nextLong(random.nextBoolean() ? 3 * SECOND : 40 * SECOND);
            long after = random.nextLong(random.nextBoolean() ? 3 * SECOND : 40 * SECOND);
            strike(Fault.ADDRESS_CHANGE, random, 1, node -> node.process().canMove(), node -> {
                if (offline) {
                    moveOffline(node, before, after);
                } else {
                    node.changeAddress(anotherHost());
                }
            });
        }
    }

    /** Cuts a node off, and gives its host another address meanwhile, as somebody does who carries a laptop home. */
    private void moveOffline(Node node, long before, long after) {
        Runnable end = cluster.networkFaults.begin(
                Fault.ADDRESS_CHANGE, 1, (from, to) -> (from == node.index) != (to == node.index));
        cluster.time.schedule(before, () -> {
            if (node.process().canMove()) {
                node.changeAddress(anotherHost());
            }
            cluster.time.schedule(after, end);
        });
    }

    private int anotherHost() {
        host = host % HOSTS + 1;
        return host;
    }

    private static int host(Node node) {
        return (node.address().getAddress().getAddress()[3] & 0xff) - 1;
    }

    private void massRestart(RandomGenerator random) {
        long at = random.nextLong(length);
        long spread = random.nextBoolean() ? SECOND : 20 * SECOND;
        boolean orderly = random.nextBoolean();
        for (int i = 0; i < scenario.nodes(); i++) {
            long down = at + random.nextLong(spread);
            long pause = random.nextLong(spread);
            onNode(i, down, node -> {
                if (node.runs()) {
                    cluster.count(Fault.MASS_RESTART);
                    Runnable again = () -> {
                        node.process().crash();
                        cluster.time.schedule(pause, () -> node.start(host(node)));
                    };
                    if (orderly && !node.process().application().left()) {
                        node.process().application().leave(again);
                    } else {
                        again.run();
                    }
                }
            });
        }
    }

    /** Cuts one node off for so long that the others are all replaced meanwhile, as pods and their addresses are. */
    private void replacement(RandomGenerator random) {
        if (!cluster.settings.engineAsksSeedsAgain) {
            // Nothing leads back to a cluster of which all addresses have changed.
            return;
        }
        int alone = anyNode(random);
        long at = random.nextLong(length);
        long spread = random.nextLong(SECOND, 40 * SECOND);
        long lasts = spread + random.nextLong(60 * SECOND);
        at(at, () -> {
            note("n" + alone + " is cut off, and the others are replaced within " + spread / 1_000_000 + " ms");
            Runnable end = cluster.networkFaults.begin(
                    Fault.REPLACE, 1, (from, to) -> from >= 0 && to >= 0 && (from == alone) != (to == alone));
            cluster.time.schedule(lasts, end);
        });
        for (int i = 0; i < scenario.nodes(); i++) {
            long down = at + random.nextLong(spread);
            long pause = random.nextLong(10 * SECOND);
            if (i != alone) {
                onNode(i, down, node -> {
                    if (node.runs()) {
                        cluster.count(Fault.REPLACE);
                        node.process().crash();
                        cluster.time.schedule(pause, () -> node.start(anotherHost()));
                    }
                });
            }
        }
    }

    private void lookUps(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            double share = random.nextDouble(0.1, 1.2);
            episode(Fault.LOOK_UPS, random, () -> {
                cluster.network.disturb(share);
                return () -> cluster.network.disturb(0);
            });
        }
    }

    private void leaves(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int kind = random.nextInt(5);
            long pause = random.nextLong(random.nextBoolean() ? 2 * SECOND : 60 * SECOND);
            strike(
                    Fault.LEAVE,
                    random,
                    1,
                    Node::takesPart,
                    node -> node.process().application().leave(() -> afterLeave(node, kind, pause)));
        }
    }

    private void afterLeave(Node node, int kind, long pause) {
        switch (kind) {
            case 0 -> node.process().shutDown();
            case 1 ->
                cluster.time.schedule(pause, () -> node.process().application().comeBack());
            case 2 -> {
                node.process().shutDown();
                cluster.time.schedule(pause + SECOND, () -> node.start(host(node)));
            }
            case 3 -> {
                node.process().crash();
                cluster.time.schedule(pause, () -> node.start(anotherHost()));
            }
            default -> {
                // Stays as it is: running, and no member.
            }
        }
    }

    private void pauses(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            long lasts = random.nextLong(random.nextInt(3) == 0 ? 90 * SECOND : 10 * SECOND);
            strike(
                    Fault.PAUSE,
                    random,
                    1,
                    node -> node.process().loop() != null
                            && !node.process().loop().paused(),
                    node -> {
                        VirtualEventLoop loop =
                                Objects.requireNonNull(node.process().loop());
                        loop.pause();
                        cluster.time.schedule(lasts, () -> {
                            if (loop.paused()) {
                                note(node.name + " wakes");
                                loop.resume();
                                node.process().disturbed();
                            }
                        });
                    });
        }
    }

    private void blocks(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            long lasts = random.nextLong(random.nextBoolean() ? 2 * SECOND : 35 * SECOND);
            strike(Fault.BLOCKED_IO, random, 1, node -> node.process().block(), node -> {
                NodeProcess process = node.process();
                cluster.time.schedule(lasts, () -> {
                    if (node.process() == process) {
                        process.unblock();
                    }
                });
            });
        }
    }

    private void skews(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            double rate = random.nextInt(3) == 0 ? random.nextDouble(0.3, FASTEST_CLOCK) : random.nextDouble(0.9, 1.1);
            strike(Fault.SKEW, random, 1, Node::runs, node -> node.process().clockRate(rate));
        }
    }

    private void slowCallbacks(RandomGenerator random) {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Duration time = Duration.ofMillis(random.nextInt(1, 5000));
            strike(Fault.SLOW_CALLBACKS, random, 1, node -> true, node -> node.callbacksTake(time));
        }
    }

    private void bursts(RandomGenerator random) {
        int size = random.nextInt(50) == 0 ? LARGEST_BURST : random.nextInt(200, 1500);
        onNode(anyNode(random), random.nextLong(length), node -> clusterMessages.burst(node, random, size));
    }

    private void rotations(RandomGenerator random) {
        if (!cluster.settings.encrypted) {
            return;
        }
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            byte[] key = Settings.key(random);
            long at = random.nextLong(length);
            at(at, () -> new KeyRotation(cluster, key).begin());
        }
    }

    private void onNode(int index, long at, Consumer<Node> what) {
        if (!scenario.without().contains(index)) {
            at(at, () -> what.accept(cluster.nodes.get(index)));
        }
    }

    private void at(long nanos, Runnable what) {
        cluster.time.schedule(nanos, () -> {
            if (!cluster.ended()) {
                what.run();
            }
        });
    }

    private void note(String what) {
        cluster.observe(new Observation.Note(what));
    }
}
