package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.HostAddress;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import io.memberlist.transport.UnreachableException;
import io.memberlist.transport.virtual.LinkFaults.StreamFate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One member's place in a {@link VirtualNetwork}. */
final class VirtualTransport implements Transport {
    private final VirtualNetwork network;
    private final InetSocketAddress bound;
    private InetSocketAddress address;
    private final VirtualEventLoop loop;
    final Set<VirtualStream> streams = new LinkedHashSet<>();
    private @Nullable TransportListener listener;
    private boolean closed;

    /**
     * @param bound as it was asked for, with a port
     * @param address where it is in the network; another one where all addresses are bound
     */
    VirtualTransport(
            VirtualNetwork network, InetSocketAddress bound, InetSocketAddress address, VirtualEventLoop loop) {
        this.network = network;
        this.bound = bound;
        this.address = address;
        this.loop = loop;
    }

    @Override
    public VirtualEventLoop eventLoop() {
        return loop;
    }

    @Override
    public InetSocketAddress boundAddress() {
        return bound;
    }

    /** A host has the interface {@code eth0}; whoever binds one address gives it away by that. */
    @Override
    public List<HostInterface> interfaces() {
        if (bound.equals(address)) {
            return List.of();
        }
        HostAddress only = new HostAddress(address.getAddress(), 8, true, true);
        return List.of(new HostInterface("eth0", 1, HostInterface.Kind.NETWORK, true, List.of(only)));
    }

    /** {@return where it is in the network} */
    InetSocketAddress address() {
        return address;
    }

    /** Gives the host another address in place of the one it has. Streams that are open fall silent. */
    void moveTo(InetSocketAddress next) {
        streams.forEach(VirtualStream::fallSilent);
        address = next;
    }

    @Override
    public void start(TransportListener newListener) {
        listener = newListener;
    }

    @Override
    public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
        if (closed) {
            loop.execute(() -> completion.done(null, new TransportException("the transport is closed")));
            return;
        }
        network.deliver(address, to.address(), packet);
        loop.execute(() -> completion.done(null, null));
    }

    void receive(InetSocketAddress from, byte[] packet) {
        TransportListener current = listener;
        if (!closed && current != null) {
            loop.receive(() -> {
                if (!closed) {
                    current.packetReceived(from, packet.clone(), loop.nanoTime());
                }
            });
        }
    }

    @Override
    public void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        network.time.schedule(network.delayNanos(), () -> {
            VirtualTransport target = network.endpoints.get(to);
            StreamFate there = network.streamFate(address, to);
            StreamFate back = network.streamFate(to, address);
            if (there == StreamFate.STALLS || back == StreamFate.STALLS) {
                loop.schedule(
                        timeoutNanos,
                        () -> handler.closed(new TransportException("connecting to " + to + " timed out")));
            } else if (target == null || target.listener == null || there == StreamFate.REFUSED) {
                loop.execute(
                        () -> handler.closed(new UnreachableException("cannot connect to " + to + ": refused", null)));
            } else if (there == StreamFate.BREAKS || back == StreamFate.BREAKS) {
                loop.execute(() -> handler.closed(new TransportException("cannot connect to " + to + ": refused")));
            } else {
                connect(target, handler);
            }
        });
    }

    private void connect(VirtualTransport target, StreamHandler handler) {
        VirtualStream mine = new VirtualStream(network, this, target, handler);
        streams.add(mine);
        target.streams.add(mine.peer);
        // A paused process accepts the stream when it goes on, although its kernel has completed the handshake.
        TransportListener acceptor = Objects.requireNonNull(target.listener);
        target.loop.execute(() -> mine.peer.accepted(acceptor.streamAccepted(address)));
        loop.execute(mine::open);
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return network.resolve(host);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        return network.lookUp(seed, timeoutNanos);
    }

    @Override
    public CompletableFuture<Void> close() {
        if (!closed) {
            closed = true;
            network.endpoints.remove(address);
            List.copyOf(streams).forEach(VirtualStream::breakOff);
        }
        return CompletableFuture.completedFuture(null);
    }
}
