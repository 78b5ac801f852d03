package io.memberlist.simulator.scale;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A network whose members can be blocked as in the Lifeguard paper: just before each send and just after each receive.
 * What is sent and received meanwhile waits, and flows in its order when the member wakes. Nothing gets lost by it.
 */
public final class BlockableNetwork implements TransportFactory {
    private final TransportFactory network;
    private final Anomaly anomaly;
    private final Map<InetSocketAddress, Gate> gates = new HashMap<>();

    public BlockableNetwork(TransportFactory network, Anomaly anomaly) {
        this.network = network;
        this.anomaly = anomaly;
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        return network.open(bind).thenApply(transport -> {
            Gate gate = new Gate();
            gates.put(transport.boundAddress(), gate);
            return new GatedTransport(transport, gate);
        });
    }

    /** {@return the gate that the member at an address passes} */
    public Gate gate(InetSocketAddress address) {
        Gate gate = gates.get(address);
        if (gate == null) {
            throw new IllegalArgumentException("nobody lives at " + address);
        }
        return gate;
    }

    private final class GatedTransport implements Transport {
        private final Transport transport;
        private final Gate gate;
        private final EventLoop loop;

        GatedTransport(Transport transport, Gate gate) {
            this.transport = transport;
            this.gate = gate;
            EventLoop inner = transport.eventLoop();
            this.loop = anomaly == Anomaly.process ? new GatedLoop(inner, gate) : inner;
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public InetSocketAddress boundAddress() {
            return transport.boundAddress();
        }

        @Override
        public void start(TransportListener listener) {
            transport.start(new TransportListener() {
                @Override
                public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
                    gate.pass(() -> listener.packetReceived(from, packet, receivedNanos));
                }

                @Override
                public StreamHandler streamAccepted(InetSocketAddress from) {
                    return new GatedHandler(listener.streamAccepted(from), gate);
                }
            });
        }

        @Override
        public void sendPacket(Recipient to, byte[] packet, Completion completion) {
            gate.pass(() -> transport.sendPacket(to, packet, completion));
        }

        @Override
        public void openStream(Recipient to, long timeoutNanos, StreamHandler handler) {
            gate.pass(() -> transport.openStream(to, timeoutNanos, new GatedHandler(handler, gate)));
        }

        @Override
        public CompletableFuture<List<InetAddress>> resolve(String host) {
            return transport.resolve(host);
        }

        @Override
        public CompletableFuture<List<InetSocketAddress>> lookUp(
                SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
            return transport.lookUp(seed, dnsConfigPath, timeoutNanos);
        }

        @Override
        public CompletableFuture<Void> close() {
            return transport.close();
        }
    }

    private record GatedHandler(StreamHandler handler, Gate gate) implements StreamHandler {
        @Override
        public void opened(Stream stream) {
            gate.pass(() -> handler.opened(new GatedStream(stream, gate)));
        }

        @Override
        public void received(byte[] bytes) {
            gate.pass(() -> handler.received(bytes));
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            gate.pass(() -> handler.closed(failure));
        }
    }

    private record GatedStream(Stream stream, Gate gate) implements Stream {
        @Override
        public InetSocketAddress remoteAddress() {
            return stream.remoteAddress();
        }

        @Override
        public void send(byte[] bytes, Completion completion) {
            gate.pass(() -> stream.send(bytes, completion));
        }

        @Override
        public void close() {
            gate.pass(stream::close);
        }
    }
}
