package io.memberlist.transport.netty;

import io.memberlist.transport.Recipient;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends the packets for one member over one connection, which stays. Where there are too many connections, the one that was used longest
 * ago goes. A member that is slow to read, or to be reached, holds up its own packets only: those that wait are bounded in
 * bytes, and the oldest go first.
 */
final class PooledConnections implements PacketConnections {
    private static final long FIRST_PAUSE_NANOS = 100_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 1_600_000_000L;
    /** A connection that ends so soon was refused. */
    private static final long SHORT_LIFE_NANOS = 2_000_000_000L;

    private final Dialler dialler;
    private final UnaryOperator<byte[]> framing;
    private final int maxConnections;
    private final long maxQueueBytes;
    private final long maxBytes;
    private final SortedMap<Recipient, Connection> connections = new TreeMap<>();
    private final Set<Connection> longestUnusedFirst = new LinkedHashSet<>();
    private long allWaitingBytes;
    private boolean closed;

    /**
     * @param framing makes the bytes of a packet
     * @param maxQueueBytes how much may wait for one member, but for its last packet
     * @param maxBytes how much may wait for all members together, but for the last packet of each
     */
    PooledConnections(
            Dialler dialler, UnaryOperator<byte[]> framing, int maxConnections, long maxQueueBytes, long maxBytes) {
        this.dialler = dialler;
        this.framing = framing;
        this.maxConnections = maxConnections;
        this.maxQueueBytes = maxQueueBytes;
        this.maxBytes = maxBytes;
    }

    @Override
    public void send(Recipient to, byte[] packet) {
        Connection connection = connections.get(to);
        if (connection == null) {
            if (connections.size() >= maxConnections) {
                longestUnusedFirst.iterator().next().forget();
            }
            connection = new Connection(to);
            connections.put(to, connection);
        }
        longestUnusedFirst.remove(connection);
        longestUnusedFirst.add(connection);
        connection.send(framing.apply(packet));
    }

    @Override
    public void renew() {
        NettyEventLoop loop = dialler.loop();
        longestUnusedFirst.forEach(
                each -> loop.schedule(loop.random().nextLong(TcpTransport.RENEWAL_NANOS), each::renew));
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(connections.values()).forEach(Connection::forget);
    }

    /** The connection to one member, or the lack of it, with what waits to leave. */
    private final class Connection {
        private final Recipient to;
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private long waitingBytes;
        private @Nullable SocketChannel channel;
        private @Nullable Object identities;
        private boolean ready;
        private long readyNanos;
        private boolean draining;
        private boolean forgotten;
        private long pauseNanos;
        private long pausedUntilNanos;

        Connection(Recipient to) {
            this.to = to;
        }

        void send(byte[] frame) {
            waiting.add(frame);
            count(frame.length);
            int dropped = 0;
            while (waiting.size() > 1 && (waitingBytes > maxQueueBytes || allWaitingBytes > maxBytes)) {
                next();
                dropped++;
            }
            if (dropped > 0) {
                dialler.overflowed(to, dropped, maxQueueBytes);
            }
            if (channel != null) {
                drain();
            } else if (pauseNanos == 0 || dialler.loop().nanoTime() - pausedUntilNanos >= 0) {
                dial();
            }
        }

        private void dial() {
            identities = dialler.identities();
            SocketChannel[] dialled = new SocketChannel[1];
            dialled[0] = dialler.dial(to, new Events(), failure -> connected(dialled[0], failure));
            channel = dialled[0];
        }

        private void connected(@Nullable SocketChannel which, @Nullable Throwable failure) {
            if (which != channel || forgotten) {
                return;
            }
            if (failure != null) {
                broken(failure);
                return;
            }
            ready = true;
            readyNanos = dialler.loop().nanoTime();
            drain();
        }

        /** What is written here and not taken by the network is bounded by the channel; the rest waits, and may be dropped. */
        private void drain() {
            SocketChannel now = channel;
            if (now == null || !ready || draining) {
                return;
            }
            draining = true;
            while (!waiting.isEmpty() && now.isWritable()) {
                now.write(Unpooled.wrappedBuffer(next()));
            }
            now.flush();
            draining = false;
        }

        /** The connection is gone. What waits goes over the next one, but not where there can be none. */
        private void broken(Throwable cause) {
            SocketChannel before = channel;
            // With TLS 1.3 who is not trusted learns that only after its handshake.
            boolean worked = ready && dialler.loop().nanoTime() - readyNanos >= SHORT_LIFE_NANOS;
            channel = null;
            ready = false;
            if (before != null) {
                before.close();
            }
            if (forgotten || closed) {
                return;
            }
            if (worked && !Tls.isDistrust(cause)) {
                pauseNanos = 0;
                if (!waiting.isEmpty()) {
                    dial();
                }
                return;
            }
            pauseNanos = pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
            pausedUntilNanos = dialler.loop().nanoTime() + pauseNanos;
            dialler.lost(to, Math.max(1, waiting.size()), cause);
            clear();
        }

        private byte[] next() {
            byte[] frame = waiting.remove();
            count(-frame.length);
            return frame;
        }

        private void clear() {
            waiting.clear();
            count(-waitingBytes);
        }

        private void count(long bytes) {
            waitingBytes += bytes;
            allWaitingBytes += bytes;
        }

        void renew() {
            SocketChannel before = channel;
            if (before != null && !forgotten && identities != dialler.identities()) {
                channel = null;
                ready = false;
                before.close();
                if (!waiting.isEmpty()) {
                    dial();
                }
            }
        }

        void forget() {
            forgotten = true;
            connections.remove(to);
            longestUnusedFirst.remove(this);
            if (!waiting.isEmpty() && !closed) {
                dialler.overflowed(to, waiting.size(), maxQueueBytes);
            }
            clear();
            if (channel != null) {
                channel.close();
            }
        }

        /** What happens on a connection, which may be one of before. */
        private final class Events extends ChannelInboundHandlerAdapter {
            private Throwable cause = new ClosedChannelException();

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (ctx.channel() == channel) {
                    drain();
                }
            }

            /** Only who has opened a connection writes packets. */
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
                cause = failure;
                ctx.close();
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                if (ctx.channel() == channel) {
                    broken(cause);
                }
            }
        }
    }
}
