package io.memberlist.sample.network;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.GatedEventLoop;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The real transport with the injected faults: lost packets, a cut network, a paused member. */
final class FaultInjectingTransport implements Transport {
    private final FaultInjectingNetwork network;
    private final Endpoint endpoint;
    private final Transport real;
    private final PauseGate gate;
    private final PacketTap watcher;
    private final EventLoop loop;

    FaultInjectingTransport(
            FaultInjectingNetwork network, Endpoint endpoint, Transport real, PauseGate gate, PacketTap watcher) {
        this.network = network;
        this.endpoint = endpoint;
        this.real = real;
        this.gate = gate;
        this.watcher = watcher;
        this.loop = new GatedEventLoop(real.eventLoop(), gate::pass);
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public List<HostInterface> interfaces() {
        return real.interfaces();
    }

    @Override
    public InetSocketAddress boundAddress() {
        return real.boundAddress();
    }

    @Override
    public void start(TransportListener listener) {
        real.start(new TransportListener() {
            @Override
            public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
                if (!network.isHere(from)) {
                    // packets of members of this JVM were observed, and perhaps lost, when they were sent
                    boolean lost = network.losesOne();
                    watch(from, self(), packet, lost);
                    if (lost) {
                        return;
                    }
                }
                gate.passPacket(() -> listener.packetReceived(from, packet, receivedNanos));
            }

            @Override
            public StreamHandler streamAccepted(InetSocketAddress from) {
                return new GatedHandler(
                        gate,
                        () -> !endpoint.isSilent() && network.lossPercent() < 100,
                        () -> listener.streamAccepted(from));
            }
        });
    }

    @Override
    public void sendPacket(Recipient recipient, byte[] packet, Completion<Void> completion) {
        InetSocketAddress to = recipient.address();
        boolean lost = !network.connects(endpoint, to) || network.losesOne();
        watch(self(), to, packet, lost);
        if (lost) {
            loop.execute(() -> completion.done(null, null)); // as with UDP, nobody is notified
            return;
        }
        real.sendPacket(recipient, packet, (nothing, failure) -> gate.pass(() -> completion.done(null, failure)));
    }

    @Override
    public void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        boolean connected = network.connects(endpoint, to);
        long handshakeNanos = connected ? network.handshakeNanos(timeoutNanos) : timeoutNanos;
        boolean opens = handshakeNanos < timeoutNanos;
        if (network.isWatched()) {
            watcher.stream(self(), to, !opens);
        }
        if (!opens) {
            String reason = connected ? "the network loses packets" : "the network is cut";
            loop.schedule(
                    timeoutNanos,
                    () -> handler.closed(new TransportException("no answer from " + to + " in time: " + reason)));
        } else if (handshakeNanos == 0) {
            open(recipient, timeoutNanos, handler);
        } else {
            loop.schedule(handshakeNanos, () -> open(recipient, timeoutNanos - handshakeNanos, handler));
        }
    }

    private void open(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        real.openStream(
                recipient,
                timeoutNanos,
                new GatedHandler(gate, () -> network.carries(endpoint, recipient.address()), () -> handler));
    }

    private void watch(InetSocketAddress from, InetSocketAddress to, byte[] packet, boolean lost) {
        if (network.isWatched() && !endpoint.isSilent()) {
            watcher.packet(from, to, packet, lost);
        }
    }

    private InetSocketAddress self() {
        InetSocketAddress advertised = endpoint.address();
        return advertised == null ? real.boundAddress() : advertised;
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return real.resolve(host);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        return real.lookUp(seed, dnsConfigPath, timeoutNanos);
    }

    @Override
    public CompletableFuture<Void> close() {
        return real.close();
    }
}
