package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.simulator.fuzz.check.Observation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Knows for how long nothing has gone wrong: no fault has struck, no process stands still or has a wrong clock, none has
 * begun, ended or left, and all that take part know all others, where they are, and nobody else. Loads are no trouble.
 */
final class Quiescence {
    private final SimulatedCluster cluster;
    private long troubleNanos;
    private long sinceNanos = -1;

    Quiescence(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** {@return whether all was well when last looked} */
    boolean isReached() {
        return sinceNanos >= 0;
    }

    /** Something went wrong just now. */
    void disturb() {
        troubleNanos = cluster.time().nanos();
    }

    void observed(Observation observation) {
        if (observation instanceof Observation.ProcessStarted
                || observation instanceof Observation.ProcessStopped
                || observation instanceof Observation.Leaving
                || observation instanceof Observation.ClockDisturbed) {
            disturb();
        }
    }

    /** Looks round, and tells the observers if all is well. */
    void look() {
        List<Node> members = cluster.nodes().stream().filter(Node::takesPart).toList();
        if (members.isEmpty() || !members.stream().allMatch(node -> node.works() && knowsJust(node, members))) {
            sinceNanos = -1;
            return;
        }
        long now = cluster.time().nanos();
        sinceNanos = Math.max(sinceNanos < 0 ? now : sinceNanos, troubleNanos);
        Map<String, Long> dropped = new TreeMap<>();
        members.forEach(node -> dropped.put(node.process(), node.droppedMessages()));
        cluster.observe(new Observation.Quiescent(now, sinceNanos, dropped));
    }

    private static boolean knowsJust(Node node, List<Node> members) {
        Map<String, Member> view = node.view();
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
