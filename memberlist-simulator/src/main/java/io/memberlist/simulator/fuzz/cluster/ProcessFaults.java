package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.transport.virtual.VirtualEventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Plans what happens to processes and their hosts. */
final class ProcessFaults {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int HOSTS = 40;
    /** How many times as fast as time a clock may run. */
    static final int FASTEST_CLOCK = 3;

    private final SimulatedCluster cluster;
    private final Scenario scenario;
    private final FaultSchedule schedule;
    private final long length;
    private int host;

    ProcessFaults(SimulatedCluster cluster, FaultSchedule schedule) {
        this.cluster = cluster;
        this.scenario = cluster.scenario;
        this.schedule = schedule;
        this.length = scenario.duration().toNanos();
    }

    void restarts(Fault fault, RandomGenerator random, boolean elsewhere) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            long pause = random.nextBoolean() ? random.nextLong(2 * SECOND) : random.nextLong(60 * SECOND);
            schedule.strike(fault, random, 1, Node::runs, node -> {
                node.process().crash();
                // What begins again does so even if the faults have ended by then.
                cluster.time.schedule(pause, () -> node.start(elsewhere ? anotherHost() : host(node)));
            });
        }
    }

    void addressChanges(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            boolean offline = random.nextBoolean();
            long before = random.nextLong(random.nextBoolean() ? 3 * SECOND : 40 * SECOND);
            long after = random.nextLong(random.nextBoolean() ? 3 * SECOND : 40 * SECOND);
            schedule.strike(
                    Fault.ADDRESS_CHANGE, random, 1, node -> node.process().canMove(), node -> {
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

    void massRestart(RandomGenerator random) {
        long at = random.nextLong(length);
        long spread = random.nextBoolean() ? SECOND : 20 * SECOND;
        boolean orderly = random.nextBoolean();
        for (int i = 0; i < scenario.nodes(); i++) {
            long down = at + random.nextLong(spread);
            long pause = random.nextLong(spread);
            schedule.onNode(i, down, node -> {
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
    void replacement(RandomGenerator random) {
        if (!cluster.settings.engineAsksSeedsAgain) {
            // Nothing leads back to a cluster of which all addresses have changed.
            return;
        }
        int alone = schedule.anyNode(random);
        long at = random.nextLong(length);
        long spread = random.nextLong(SECOND, 40 * SECOND);
        long lasts = spread + random.nextLong(60 * SECOND);
        schedule.at(at, () -> {
            schedule.note(
                    "n" + alone + " is cut off, and the others are replaced within " + spread / 1_000_000 + " ms");
            Runnable end = cluster.networkFaults.begin(
                    Fault.REPLACE, 1, (from, to) -> from >= 0 && to >= 0 && (from == alone) != (to == alone));
            cluster.time.schedule(lasts, end);
        });
        for (int i = 0; i < scenario.nodes(); i++) {
            long down = at + random.nextLong(spread);
            long pause = random.nextLong(10 * SECOND);
            if (i != alone) {
                schedule.onNode(i, down, node -> {
                    if (node.runs()) {
                        cluster.count(Fault.REPLACE);
                        node.process().crash();
                        cluster.time.schedule(pause, () -> node.start(anotherHost()));
                    }
                });
            }
        }
    }

    void leaves(RandomGenerator random) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int kind = random.nextInt(5);
            long pause = random.nextLong(random.nextBoolean() ? 2 * SECOND : 60 * SECOND);
            schedule.strike(
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

    void pauses(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            long lasts = random.nextLong(random.nextInt(3) == 0 ? 90 * SECOND : 10 * SECOND);
            schedule.strike(
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
                                schedule.note(node.name + " wakes");
                                loop.resume();
                                node.process().disturbed();
                            }
                        });
                    });
        }
    }

    void blocks(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            long lasts = random.nextLong(random.nextBoolean() ? 2 * SECOND : 35 * SECOND);
            schedule.strike(Fault.BLOCKED_IO, random, 1, node -> node.process().block(), node -> {
                NodeProcess process = node.process();
                cluster.time.schedule(lasts, () -> {
                    if (node.process() == process) {
                        process.unblock();
                    }
                });
            });
        }
    }

    void skews(RandomGenerator random) {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            double rate = random.nextInt(3) == 0 ? random.nextDouble(0.3, FASTEST_CLOCK) : random.nextDouble(0.9, 1.1);
            schedule.strike(
                    Fault.SKEW, random, 1, Node::runs, node -> node.process().clockRate(rate));
        }
    }

    void slowCallbacks(RandomGenerator random) {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Duration time = Duration.ofMillis(random.nextInt(1, 5000));
            schedule.strike(Fault.SLOW_CALLBACKS, random, 1, node -> true, node -> node.callbacksTake(time));
        }
    }
}
