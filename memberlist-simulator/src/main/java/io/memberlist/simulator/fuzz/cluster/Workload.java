package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.simulator.fuzz.check.Observation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Generates the load of applications: gossiped messages, messages to single members, new metadata. */
final class Workload {
    private static final int MAX_META = 512;

    private final SimulatedCluster cluster;
    private final Fault kind;
    private int number;

    Workload(SimulatedCluster cluster, Fault kind) {
        this.cluster = cluster;
        this.kind = kind;
    }

    void act(Node node, RandomGenerator own) {
        Memberlist member = node.process().member();
        if (member == null || !node.takesPart()) {
            return;
        }
        cluster.count(kind);
        switch (kind) {
            case BROADCAST -> member.gossip(message(node, own, 400));
            case META -> node.process().application().updateMeta(bytes(own, own.nextInt(4) == 0 ? MAX_META : 40));
            default -> {
                List<Member> all = member.members().stream()
                        .sorted(java.util.Comparator.comparing(Member::name))
                        .toList();
                if (all.isEmpty()) {
                    return;
                }
                Member to = all.get(own.nextInt(all.size()));
                if (own.nextBoolean()) {
                    member.sendBestEffort(to, message(node, own, 400));
                } else {
                    member.sendReliable(to, message(node, own, own.nextInt(10) == 0 ? 100_000 : 3000));
                }
            }
        }
    }

    private byte[] message(Node node, RandomGenerator own, int most) {
        byte[] message = bytes(own, most);
        ByteBuffer.wrap(message).putInt(number++).putInt(node.index);
        cluster.observe(new Observation.UserMessageSent(node.process().id(), message));
        return message;
    }

    private static byte[] bytes(RandomGenerator own, int most) {
        byte[] bytes = new byte[own.nextInt(8, most + 1)];
        own.nextBytes(bytes);
        return bytes;
    }
}
