package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.NettyEventLoop.completion;

import io.memberlist.transport.Causes;
import io.memberlist.transport.TransportException;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Binds streams, and packets where they need sockets of their own, to one port number, without reading from them yet. Used on the loop. */
final class Binder {
    /** A port that is free for TCP is rarely in use for UDP, and hardly ever so many times in a row. */
    private static final int ATTEMPTS = 16;

    /** The Go library asks for as much. The kernel grants what its own limit (rmem_max) allows. */
    private static final int RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;

    /** The longest UDP packet fits. */
    private static final int MAX_PACKET_BYTES = 64 * 1024;

    /** How many connections are accepted in one turn of the loop: where hundreds join together, and the loop is late, they wait for that. */
    private static final int ACCEPTED_AT_ONCE = 256;

    /** How much may wait for the network. Above that, new packets are refused instead of filling the memory. */
    private static final int SEND_QUEUE_BYTES = 4 * 1024 * 1024;

    private final IoBackend io;
    private final EventLoop loop;
    private final boolean udp;

    /** @param udp whether packets have sockets of their own */
    Binder(IoBackend io, EventLoop loop, boolean udp) {
        this.io = io;
        this.loop = loop;
        this.udp = udp;
    }

    /**
     * The channels of one address.
     *
     * @param packets null if packets have no socket of their own
     */
    record Bound(ServerSocketChannel acceptor, @Nullable DatagramChannel packets, InetSocketAddress address) {
        private CompletableFuture<Void> close() {
            CompletableFuture<Void> closed = completion(acceptor.close());
            return packets == null ? closed : CompletableFuture.allOf(closed, completion(packets.close()));
        }
    }

    /**
     * {@return the channels of the address, and then of each of the others at the same port; or a
     * {@link TransportException} when everything is closed again}
     */
    CompletableFuture<List<Bound>> bind(InetSocketAddress address, List<InetAddress> others) {
        List<Bound> all = new ArrayList<>();
        CompletableFuture<Void> last = bind(address, ATTEMPTS).thenAccept(all::add);
        for (InetAddress other : others) {
            last = last.thenCompose(done -> bind(
                            new InetSocketAddress(other, all.get(0).address().getPort()), ATTEMPTS))
                    .thenAccept(all::add);
        }
        return last.thenApply(done -> all)
                .exceptionallyCompose(failure -> CompletableFuture.allOf(
                                all.stream().map(Bound::close).toArray(CompletableFuture<?>[]::new))
                        .thenCompose(closed -> CompletableFuture.failedFuture(failure)));
    }

    private CompletableFuture<Bound> bind(InetSocketAddress address, int attempts) {
        return open(this::newAcceptor, "TCP", address).thenCompose(acceptor -> {
            InetSocketAddress real = new InetSocketAddress(
                    address.getAddress(), acceptor.localAddress().getPort());
            if (!udp) {
                return CompletableFuture.completedFuture(new Bound(acceptor, null, real));
            }
            boolean again = address.getPort() == 0 && attempts > 1;
            return open(this::newPacketChannel, "UDP", real)
                    .thenApply(packets -> new Bound(acceptor, packets, real))
                    .exceptionallyCompose(failure -> completion(acceptor.close())
                            .thenCompose(closed ->
                                    again ? bind(address, attempts - 1) : CompletableFuture.failedFuture(failure)));
        });
    }

    private ServerSocketChannel newAcceptor() {
        ServerSocketChannel channel = io.acceptors.get();
        // A restarted member gets its port back although connections of its previous process are still in TIME_WAIT.
        channel.config().setReuseAddress(true);
        // Netty compares the descriptor of what it has accepted with the number of bytes that it wanted, and so accepts
        // one
        // connection in each turn of the loop, unless it is told not to.
        channel.config()
                .setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator()
                        .respectMaybeMoreData(false)
                        .maxMessagesPerRead(ACCEPTED_AT_ONCE));
        return channel;
    }

    private DatagramChannel newPacketChannel() {
        DatagramChannel channel = io.packetChannels.get();
        channel.config().setOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
        channel.config()
                .setAllocator(PooledByteBufAllocator.DEFAULT)
                .setRecvByteBufAllocator(
                        new FixedRecvByteBufAllocator(MAX_PACKET_BYTES).maxMessagesPerRead(io.packetsPerRead))
                .setWriteBufferWaterMark(new WriteBufferWaterMark(SEND_QUEUE_BYTES / 2, SEND_QUEUE_BYTES));
        return channel;
    }

    private <C extends Channel> CompletableFuture<C> open(
            Supplier<C> factory, String protocol, InetSocketAddress bindAddress) {
        C channel;
        try {
            channel = factory.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(Failures.bind(protocol, bindAddress, e));
        }
        channel.config().setAutoRead(false);
        return completion(loop.register(channel))
                .thenCompose(registered -> completion(channel.bind(bindAddress)))
                .thenApply(bound -> channel)
                .exceptionallyCompose(failure -> completion(channel.close())
                        .thenCompose(closed -> CompletableFuture.failedFuture(
                                Failures.bind(protocol, bindAddress, Causes.unwrap(failure)))));
    }
}
