package io.memberlist.spring.boot.test;

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
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One member's place on a network in memory. */
final class MemoryTransport implements Transport {
    private final MemberlistTestNetwork network;
    private final NetworkThread wire;
    private final InetSocketAddress address;
    private final EventLoop loop;
    private final Set<MemoryStream> streams = new LinkedHashSet<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private @Nullable TransportListener listener;
    private boolean closed;

    MemoryTransport(MemberlistTestNetwork network, NetworkThread wire, InetSocketAddress address) {
        this.network = network;
        this.wire = wire;
        this.address = address;
        // Nothing of a member runs after its end.
        this.loop = new GatedEventLoop(wire, task -> {
            if (!closed) {
                task.run();
            }
        });
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public List<HostInterface> interfaces() {
        return List.of();
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
        MemoryStream mine = new MemoryStream(target.address);
        MemoryStream other = target.new MemoryStream(address);
        mine.peer = other;
        other.peer = mine;
        streams.add(mine);
        target.streams.add(other);
        other.open(acceptor.streamAccepted(address));
        mine.open(handler);
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
                List.copyOf(streams).forEach(stream -> stream.close(new TransportException("reset by " + address)));
                closing.complete(null);
            }
        });
        return closing;
    }

    /** One end of a stream. */
    private final class MemoryStream implements Stream {
        private final InetSocketAddress remote;
        private @Nullable MemoryStream peer;
        private @Nullable StreamHandler handler;
        private boolean ended;
        private boolean stalled;

        MemoryStream(InetSocketAddress remote) {
            this.remote = remote;
        }

        void open(StreamHandler by) {
            handler = by;
            by.opened(this);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return remote;
        }

        @Override
        public void send(byte[] bytes, Completion<Void> completion) {
            if (ended) {
                loop.execute(() -> completion.done(null, new TransportException("the stream is closed")));
                return;
            }
            byte[] copy = bytes.clone();
            toThePeer(end -> end.arrived(copy));
            loop.execute(() -> completion.done(null, null));
        }

        @Override
        public void close() {
            close(null);
        }

        /** Closes the stream, and the peer's end with the failure. */
        void close(@Nullable TransportException failure) {
            if (!ended) {
                end(null);
                toThePeer(end -> end.end(failure));
            }
        }

        /** Delivers after all that was sent before. A stream has no gaps: nothing arrives after bytes that are lost. */
        private void toThePeer(Consumer<MemoryStream> arrival) {
            MemoryStream end = peer;
            if (end != null) {
                wire.execute(() -> {
                    stalled |= !network.passes(address, remote);
                    if (!stalled) {
                        arrival.accept(end);
                    }
                });
            }
        }

        private void arrived(byte[] bytes) {
            if (!ended && handler != null) {
                handler.received(bytes);
            }
        }

        private void end(@Nullable TransportException failure) {
            if (!ended) {
                ended = true;
                streams.remove(this);
                StreamHandler current = handler;
                if (current != null) {
                    wire.execute(() -> current.closed(failure));
                }
            }
        }
    }
}
