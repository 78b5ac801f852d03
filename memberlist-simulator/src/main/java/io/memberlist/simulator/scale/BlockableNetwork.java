package io.memberlist.simulator.scale;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.GatedEventLoop;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
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
 * A network whose members can be blocked. With {@link Anomaly#io} a member is blocked as in the Lifeguard paper, just
 * before each send and just after each receive: outgoing packets wait and leave in order when the member wakes;
 * incoming packets wait in the kernel's buffer as long as it has room; so do the bytes of streams, which the kernel
 * still opens. With {@link Anomaly#process} everything waits, and nothing is lost.
 */
public final class BlockableNetwork implements TransportFactory {
    private final TransportFactory network;
    private final Anomaly anomaly;
    private final Map<InetSocketAddress, IoGate> gates = new HashMap<>();

    public BlockableNetwork(TransportFactory network, Anomaly anomaly) {
        this.network = network;
        this.anomaly = anomaly;
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        return network.open(bind).thenApply(transport -> {
            IoGate gate = new IoGate(new ReceiveBuffer(transport.eventLoop()), anomaly == Anomaly.process);
            gates.put(transport.boundAddress(), gate);
            return new GatedTransport(transport, gate);
        });
    }

    /** {@return the gate of the member at an address} */
    public IoGate gate(InetSocketAddress address) {
        IoGate gate = gates.get(address);
        if (gate == null) {
            throw new IllegalArgumentException("nobody lives at " + address);
        }
        return gate;
    }

    private static final class GatedTransport implements Transport {
        private final Transport transport;
        private final IoGate gate;
        private final EventLoop loop;

        GatedTransport(Transport transport, IoGate gate) {
            this.transport = transport;
            this.gate = gate;
            EventLoop inner = transport.eventLoop();
            this.loop = gate.stopsTheProcess() ? new GatedEventLoop(inner, gate::pass) : inner;
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public List<HostInterface> interfaces() {
            return transport.interfaces();
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
                    gate.receive(packet.length, () -> listener.packetReceived(from, packet, receivedNanos));
                }

                @Override
                public StreamHandler streamAccepted(InetSocketAddress from) {
                    return new GatedHandler(listener.streamAccepted(from), gate);
                }
            });
        }

        @Override
        public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
            gate.pass(() -> transport.sendPacket(to, packet, completion));
        }

        @Override
        public void openStream(Recipient to, long timeoutNanos, StreamHandler handler) {
            gate.kernel(() -> transport.openStream(to, timeoutNanos, new GatedHandler(handler, gate)));
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
            gate.end();
            return transport.close();
        }
    }

    private record GatedHandler(StreamHandler handler, IoGate gate) implements StreamHandler {
        @Override
        public void opened(Stream stream) {
            gate.kernel(() -> handler.opened(new GatedStream(stream, gate)));
        }

        @Override
        public void received(byte[] bytes) {
            gate.pass(() -> {
                if (!gate.ended()) {
                    handler.received(bytes);
                }
            });
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            gate.pass(() -> handler.closed(failure));
        }
    }

    private static final class GatedStream implements Stream {
        private final Stream stream;
        private final IoGate gate;
        private boolean closed;

        GatedStream(Stream stream, IoGate gate) {
            this.stream = stream;
            this.gate = gate;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return stream.remoteAddress();
        }

        @Override
        public void send(byte[] bytes, Completion<Void> completion) {
            gate.pass(() -> {
                if (closed) {
                    // The stream timed out in the meantime, so the write fails.
                    completion.done(null, new TransportException("the stream is closed"));
                } else {
                    stream.send(bytes, completion);
                }
            });
        }

        @Override
        public void close() {
            gate.kernel(() -> {
                closed = true;
                stream.close();
            });
        }
    }
}
