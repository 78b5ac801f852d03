package io.memberlist.benchmarks;

import io.scalecube.cluster.ClusterConfig;
import io.scalecube.cluster.ClusterImpl;
import io.scalecube.cluster.ClusterMessageHandler;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.transport.netty.tcp.TcpTransportFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** scalecube-cluster with its configuration for local networks: gossip over TCP. */
final class ScalecubeCluster implements Cluster {
    private final List<io.scalecube.cluster.Cluster> clusters = new ArrayList<>();

    @Override
    public void start(int count, IntConsumer delivered) {
        for (int i = 0; i < count; i++) {
            int index = i;
            List<String> seeds = i == 0 ? List.of() : List.of(clusters.get(0).address());
            clusters.add(new ClusterImpl(ClusterConfig.defaultLanConfig()
                            .externalHost("127.0.0.1")
                            .memberAlias("node-" + i))
                    .transportFactory(TcpTransportFactory::new)
                    .membership(membership -> membership.seedMembers(seeds))
                    .handler(cluster -> new ClusterMessageHandler() {
                        @Override
                        public void onGossip(Message gossip) {
                            if (index > 0) {
                                delivered.accept(index);
                            }
                        }
                    })
                    .startAwait());
        }
        Waiting.until(
                "all members see all",
                () -> clusters.stream().allMatch(cluster -> cluster.members().size() == count));
    }

    @Override
    public void broadcast(byte[] payload) {
        clusters.get(0).spreadGossip(Message.fromData(payload)).subscribe();
    }

    @Override
    public void close() {
        clusters.forEach(io.scalecube.cluster.Cluster::shutdown);
    }
}
