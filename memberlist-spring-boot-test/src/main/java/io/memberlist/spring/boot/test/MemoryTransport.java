package io.memberlist.spring.boot.test;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One member's place on a network in memory. */
final class MemoryTransport implements Transport {
    private final MemberlistTestNetwork network;
    private final NetworkThread wire;
    private final InetSocketAddress address;
    private final MemoryEventLoop loop;
    private final Set<MemoryStream> streams = new LinkedHashSet<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private @Nullable TransportListener listener;
    private boolean closed;

    MemoryTransport(MemberlistTestNetwork network, NetworkThread wire, InetSocketAddress address) {
        this.network = network;
        this.wire = wire;
        this.address = address;
        this.loop = new MemoryEventLoop(wire);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public InetSocketAddress boundAddress() {
        return address;
    }

    @Override
    public void start(TransportListener newListener) {
        listener = newListener;
    }

    @Override
    public void sendPacket(Recipient recipient, byte[] packet, Completion<Void> completion) {
        InetSocketAddress to = recipient.address();
        byte[] copy = packet.clone();
        wire.execute(() -> {
            MemoryTransport target = network.at(to);
            if (target != null && network.passes(address, to)) {
                target.receive(address, copy);
            }
        });
        loop.execute(() -> completion.done(null, null));
    }

    private void receive(InetSocketAddress from, byte[] packet) {
        if (listener != null && !closed) {
            listener.packetReceived(from, packet, loop.nanoTime());
        }
    }

    @Override
    public void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        loop.execute(() -> {
            MemoryTransport target = network.at(to);
            if (!network.passes(address, to)) {
                loop.schedule(
                        timeoutNanos,
                        () -> handler.closed(new TransportException("connecting to " + to + " timed out")));
            } else if (target == null || target.listener == null || target.closed) {
                handler.closed(new TransportException("cannot connect to " + to + ": nobody is there"));
            } else {
                connect(target, target.listener, handler);
            }
        });
    }

    private void connect(MemoryTransport target, TransportListener acceptor, StreamHandler handler) {
        MemoryStream mine = new MemoryStream(this, target.address);
        MemoryStream other = new MemoryStream(target, address);
        mine.connectTo(other);
        other.connectTo(mine);
        streams.add(mine);
        target.streams.add(other);
        other.open(acceptor.streamAccepted(address));
        mine.open(handler);
    }

    NetworkThread wire() {
        return wire;
    }

    boolean passes(InetSocketAddress to) {
        return network.passes(address, to);
    }

    void forget(MemoryStream stream) {
        streams.remove(stream);
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        // the only names on this network are those of seeds, and each stands for all members
        return CompletableFuture.completedFuture(List.of(address.getAddress()));
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        loop.execute(() -> {
            if (seed.kind() == SeedLookup.Kind.HOST && isAddress(seed.name())) {
                try {
                    found.complete(List.of(new InetSocketAddress(InetAddress.getByName(seed.name()), seed.port())));
                } catch (UnknownHostException e) {
                    found.completeExceptionally(new TransportException("'" + seed.name() + "' is no address", e));
                }
            } else {
                found.complete(network.everybody());
            }
        });
        return found;
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    }

    @Override
    public CompletableFuture<Void> close() {
        wire.execute(() -> {
            if (!closed) {
                closed = true;
                network.remove(this);
                List.copyOf(streams).forEach(MemoryStream::breakOff);
                loop.end();
                closing.complete(null);
            }
        });
        return closing;
    }
}
