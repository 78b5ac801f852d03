package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Something else works on the machine of all processes, so that handling a packet or timer takes them long. When it has gone, a quiet
 * cluster uses a part of the machine only: enough for members to be on time, and not enough for many times the packets.
 */
final class Overload {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** About as many as a member of a quiet cluster has: its probes, those of others, and what follows from them. */
    private static final int QUIET_TASKS_A_SECOND = 10;
    /** For how long the machine stays slow after the load has gone. */
    private static final long AFTERWARDS = 45 * SECOND;

    private final SimulatedCluster cluster;
    private final SharedProcessor processor;
    private long goneNanos = -1;

    Overload(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.processor = new SharedProcessor(cluster.time);
    }

    /** Lets a process compete for the processor. */
    void join(VirtualEventLoop loop) {
        loop.runOn(processor.share());
    }

    void plan(RandomGenerator random, FaultSchedule schedule, long length) {
        long at = random.nextLong(length / 2 + 1);
        long lasts = random.nextLong(2 * SECOND, 45 * SECOND);
        int cores = random.nextInt(1, 3);
        // Parts of the machine that a quiet cluster takes, while something else works on it and afterwards.
        double during = random.nextDouble(1, 5);
        double after = random.nextDouble(0.05, 0.3);
        schedule.at(at, () -> {
            if (processor.isScarce()) {
                return;
            }
            cluster.count(Fault.OVERLOAD);
            quietClusterTakes(during, cores);
            cluster.time.schedule(lasts, () -> gone(after, cores));
        });
    }

    private void gone(double share, int cores) {
        if (processor.isScarce()) {
            quietClusterTakes(share, cores);
            goneNanos = cluster.time.nanos();
            cluster.time.schedule(AFTERWARDS, this::end);
        }
    }

    private void quietClusterTakes(double share, int cores) {
        long taskNanos = (long) (share * cores * SECOND / (QUIET_TASKS_A_SECOND * cluster.nodes.size()));
        cluster.observe(new Observation.Note("a task takes " + taskNanos / 1000 + " us of one of " + cores + " cores"));
        processor.tasksTake(taskNanos, cores);
    }

    /** Lets tasks take no time. */
    void end() {
        if (processor.isScarce()) {
            disturb();
            cluster.observe(new Observation.Note("the processor is free"));
            processor.tasksTake(0, 1);
            goneNanos = -1;
        }
    }

    /** {@return whether processes compete for the processor} */
    boolean lasts() {
        return processor.isScarce();
    }

    /** Reports how the cluster does, and that its processes are late. */
    void look() {
        if (!processor.isScarce()) {
            return;
        }
        disturb();
        if (goneNanos >= 0) {
            List<String> processes = cluster.nodes.stream()
                    .filter(Node::takesPart)
                    .map(node -> node.process().id())
                    .toList();
            cluster.observe(new Observation.LoadGone(
                    Duration.ofNanos(cluster.time.nanos() - goneNanos), processes, processor.waiting()));
        }
    }

    private void disturb() {
        cluster.nodes.forEach(node -> node.process().disturbed());
    }
}
