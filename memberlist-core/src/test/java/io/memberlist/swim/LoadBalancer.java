package io.memberlist.swim;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address that passes its streams on to a member, and takes no packets. */
final class LoadBalancer implements TransportListener {
    private final Transport transport;
    private final InetSocketAddress target;
    int streams;

    LoadBalancer(VirtualCluster cluster, String host, Memberlist target) {
        this.transport = cluster.await(cluster.network().open(new InetSocketAddress(host, 7946)));
        this.target = target.localMember().address();
        transport.start(this);
    }

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {}

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        streams++;
        Side client = new Side();
        Side server = new Side();
        client.other = server;
        server.other = client;
        transport.openStream(Recipient.at(target), Duration.ofSeconds(5).toNanos(), server);
        return client;
    }

    /** One of the two streams of a connection. */
    private static final class Side implements StreamHandler {
        private final List<byte[]> waiting = new ArrayList<>();
        private @Nullable Stream stream;
        private @Nullable Side other;

        @Override
        public void opened(Stream opened) {
            stream = opened;
            waiting.forEach(bytes -> opened.send(bytes, Completion.IGNORED));
        }

        private void send(byte[] bytes) {
            if (stream == null) {
                waiting.add(bytes);
            } else {
                stream.send(bytes, Completion.IGNORED);
            }
        }

        @Override
        public void received(byte[] bytes) {
            if (other != null) {
                other.send(bytes);
            }
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            if (other != null && other.stream != null) {
                other.stream.close();
            }
        }
    }
}
