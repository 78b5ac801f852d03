package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.member.Member;
import io.memberlist.simulator.fuzz.check.Observation;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Follows how the new address of a host becomes known, for as long as nothing else disturbs the cluster. */
final class AddressSpread {
    private final SimulatedCluster cluster;
    private final Map<Node, Long> changedNanos = new LinkedHashMap<>();

    AddressSpread(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** Follows an address that has just changed. Until then all members knew each other. */
    void begin(Node node) {
        changedNanos.put(node, cluster.time.nanos());
    }

    /** Reports where each process sees the members whose addresses have changed. */
    void look() {
        for (Iterator<Map.Entry<Node, Long>> each = changedNanos.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Node, Long> change = each.next();
            Node moved = change.getKey();
            if (cluster.quiescence.lastDisturbanceNanos() > change.getValue()) {
                each.remove();
                continue;
            }
            Map<String, InetSocketAddress> seenAt = new TreeMap<>();
            for (Node observer : cluster.nodes) {
                Member seen = observer.process().view().members().get(moved.name);
                if (observer.takesPart() && seen != null) {
                    seenAt.put(observer.process().id(), seen.address());
                }
            }
            Duration since = Duration.ofNanos(cluster.time.nanos() - change.getValue());
            cluster.observe(new Observation.AddressSpreads(moved.name, moved.address(), since, seenAt));
            if (seenAt.values().stream().allMatch(moved.address()::equals)) {
                each.remove();
            }
        }
    }
}
