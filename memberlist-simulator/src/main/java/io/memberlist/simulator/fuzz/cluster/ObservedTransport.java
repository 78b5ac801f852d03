package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transport of one process, with a packet tap. */
record ObservedTransport(Transport transport, PacketTap tap, BiConsumer<Object, Boolean> streams) implements Transport {
    @Override
    public EventLoop eventLoop() {
        return transport.eventLoop();
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
                tap.received(eventLoop(), from, packet, () -> listener.packetReceived(from, packet, receivedNanos));
            }

            @Override
            public StreamHandler streamAccepted(InetSocketAddress from) {
                tap.stream("accepted from", from, (Throwable) null);
                return new ObservedHandler(
                        listener.streamAccepted(from),
                        from,
                        tap.stream("from", from, true),
                        tap.stream("answer to", from, false));
            }
        });
    }

    @Override
    public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
        tap.sent(eventLoop(), to.address(), packet);
        transport.sendPacket(to, packet, completion);
    }

    @Override
    public void openStream(Recipient to, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress at = to.address();
        transport.openStream(
                to,
                timeoutNanos,
                new ObservedHandler(handler, at, tap.stream("answer from", at, false), tap.stream("to", at, true)));
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return transport.resolve(host);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        return transport.lookUp(seed, dnsConfigPath, timeoutNanos);
    }

    @Override
    public CompletableFuture<Void> close() {
        return transport.close();
    }

    private final class ObservedHandler implements StreamHandler {
        private final StreamHandler handler;
        private final InetSocketAddress other;
        private final Consumer<byte[]> in;
        private final Consumer<byte[]> out;

        ObservedHandler(StreamHandler handler, InetSocketAddress other, Consumer<byte[]> in, Consumer<byte[]> out) {
            this.handler = handler;
            this.other = other;
            this.in = in;
            this.out = out;
        }

        @Override
        public void opened(Stream stream) {
            tap.stream("open with", other, (Throwable) null);
            streams.accept(this, true);
            handler.opened(new ObservedStream(stream, out));
        }

        @Override
        public void received(byte[] bytes) {
            in.accept(bytes);
            handler.received(bytes);
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            tap.stream("closed with", other, failure);
            streams.accept(this, false);
            handler.closed(failure);
        }
    }

    private record ObservedStream(Stream stream, Consumer<byte[]> out) implements Stream {
        @Override
        public InetSocketAddress remoteAddress() {
            return stream.remoteAddress();
        }

        @Override
        public void send(byte[] bytes, Completion<Void> completion) {
            out.accept(bytes);
            stream.send(bytes, completion);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
