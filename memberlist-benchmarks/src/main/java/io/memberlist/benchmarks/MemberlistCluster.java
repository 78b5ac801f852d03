package io.memberlist.benchmarks;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** This project's engine: cluster messages with the LAN preset. */
final class MemberlistCluster implements Cluster {
    private static final String TOPIC = "benchmark";

    private final List<Memberlist> members = new ArrayList<>();

    @Override
    public void start(int count, IntConsumer delivered) throws Exception {
        for (int i = 0; i < count; i++) {
            int index = i;
            Memberlist member = Memberlist.create(MemberlistConfig.lan()
                    .nodeName("node-" + i)
                    .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                    .extension(ClusterMessaging.create().extension())
                    .build());
            members.add(member);
            if (i > 0) {
                ClusterMessaging.of(member).subscribe(TOPIC, message -> delivered.accept(index));
                member.join("127.0.0.1:"
                                + members.get(0).localMember().address().getPort())
                        .get(30, TimeUnit.SECONDS);
            }
        }
        Waiting.until(
                "all members see all",
                () -> members.stream().allMatch(member -> member.members().size() == count));
    }

    @Override
    public void broadcast(byte[] payload) {
        ClusterMessaging.of(members.get(0)).broadcast(TOPIC, payload);
    }

    @Override
    public void close() {
        members.forEach(Memberlist::close);
    }
}
