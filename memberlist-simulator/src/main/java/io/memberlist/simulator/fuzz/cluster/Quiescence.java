package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.simulator.fuzz.check.Observation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Knows for how long the cluster has been quiescent: no fault has struck, no process stands still or has a wrong clock,
 * none has started, stopped or left, and each running member knows exactly the running members, at their addresses.
 * Loads do not count as faults.
 */
final class Quiescence {
    private final SimulatedCluster cluster;
    private long troubleNanos;
    private long sinceNanos = -1;

    Quiescence(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** {@return whether the cluster was quiescent at the last check} */
    boolean isReached() {
        return sinceNanos >= 0;
    }

    /** {@return when a fault has struck, or a process has started, moved, stopped or left, for the last time} */
    long lastDisturbanceNanos() {
        return troubleNanos;
    }

    /** {@return whether every process works normally, and knows exactly the others, at this moment} */
    boolean isCalm() {
        return isCalm(members());
    }

    private List<Node> members() {
        return cluster.nodes.stream().filter(Node::takesPart).toList();
    }

    private static boolean isCalm(List<Node> members) {
        return !members.isEmpty()
                && members.stream().allMatch(node -> node.process().works() && knowsJust(node, members));
    }

    /** Records a disturbance now. */
    void disturb() {
        troubleNanos = cluster.time.nanos();
    }

    void observed(Observation observation) {
        if (observation instanceof Observation.ProcessStarted
                || observation instanceof Observation.ProcessStopped
                || observation instanceof Observation.AddressChanged
                || observation instanceof Observation.Leaving
                || observation instanceof Observation.Disturbed) {
            disturb();
        }
    }

    /** Checks the cluster, and reports an observation if it is quiescent. */
    void look() {
        List<Node> members = members();
        if (!isCalm(members)) {
            sinceNanos = -1;
            return;
        }
        long now = cluster.time.nanos();
        sinceNanos = Math.max(sinceNanos < 0 ? now : sinceNanos, troubleNanos);
        Map<String, Long> dropped = new TreeMap<>();
        members.forEach(node -> dropped.put(node.process().id(), node.process().droppedMessages()));
        Map<String, Long> missed = new TreeMap<>();
        members.forEach(node -> missed.put(node.process().id(), node.process().missedMessages()));
        cluster.observe(new Observation.Quiescent(now, sinceNanos, dropped, missed));
    }

    private static boolean knowsJust(Node node, List<Node> members) {
        Map<String, Member> view = node.process().view().members();
        long live =
                view.values().stream().filter(member -> member.state().isLive()).count();
        return live == members.size()
                && members.stream().allMatch(other -> {
                    Member seen = view.get(other.name);
                    return seen != null
                            && seen.state() == MemberState.ALIVE
                            && seen.address().equals(other.address());
                });
    }
}
