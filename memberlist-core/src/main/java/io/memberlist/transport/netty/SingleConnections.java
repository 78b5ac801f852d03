package io.memberlist.transport.netty;

import io.memberlist.transport.AddressOrder;
import io.memberlist.transport.Recipient;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends each packet over a connection of its own, which ends with it. What is under way is bounded in bytes and in connections, for one
 * member and for all together: the oldest packet goes first.
 */
final class SingleConnections implements PacketConnections {
    private final Dialler dialler;
    private final UnaryOperator<byte[]> framing;
    private final int maxConnections;
    private final long maxQueueBytes;
    private final long maxBytes;
    private final SortedMap<InetSocketAddress, UnderWay> byAddress = new TreeMap<>(AddressOrder.SOCKETS);
    private final UnderWay all = new UnderWay();
    private boolean closed;

    /**
     * @param framing makes the bytes of a packet
     * @param maxConnections for all members together; one of them may have half of it
     * @param maxQueueBytes for one member, but for its last packet
     * @param maxBytes for all members together
     */
    SingleConnections(
            Dialler dialler, UnaryOperator<byte[]> framing, int maxConnections, long maxQueueBytes, long maxBytes) {
        this.dialler = dialler;
        this.framing = framing;
        this.maxConnections = maxConnections;
        this.maxQueueBytes = maxQueueBytes;
        this.maxBytes = maxBytes;
    }

    @Override
    public void send(Recipient to, byte[] packet) {
        Sending sending = new Sending(to, framing.apply(packet));
        UnderWay toIt = byAddress.computeIfAbsent(to.address(), address -> new UnderWay());
        toIt.add(sending);
        all.add(sending);
        toIt.dropUntil(maxConnections / 2, maxQueueBytes);
        all.dropUntil(maxConnections, maxBytes);
        sending.dial();
    }

    /** No connection stays for long. */
    @Override
    public void renew() {}

    @Override
    public void close() {
        closed = true;
        List.copyOf(all.oldestFirst).forEach(Sending::giveUp);
    }

    /** Packets under way, to one member or to all. */
    private final class UnderWay {
        private final Set<Sending> oldestFirst = new LinkedHashSet<>();
        private long bytes;

        void add(Sending sending) {
            oldestFirst.add(sending);
            bytes += sending.frame.length;
        }

        void remove(Sending sending) {
            if (oldestFirst.remove(sending)) {
                bytes -= sending.frame.length;
            }
        }

        void dropUntil(int mostConnections, long mostBytes) {
            while (oldestFirst.size() > 1 && (oldestFirst.size() > mostConnections || bytes > mostBytes)) {
                Sending oldest = oldestFirst.iterator().next();
                if (!oldest.written) {
                    dialler.overflowed(oldest.to, 1, mostBytes);
                }
                oldest.giveUp();
            }
        }
    }

    /** One packet under way. */
    private final class Sending extends ChannelInboundHandlerAdapter {
        private final Recipient to;
        private final byte[] frame;
        private @Nullable SocketChannel channel;
        private boolean written;
        private boolean over;

        Sending(Recipient to, byte[] frame) {
            this.to = to;
            this.frame = frame;
        }

        void dial() {
            channel = dialler.dial(to, this, this::connected);
        }

        private void connected(@Nullable Throwable failure) {
            SocketChannel now = channel;
            if (failure != null || now == null) {
                end(failure);
                return;
            }
            now.writeAndFlush(Unpooled.wrappedBuffer(frame)).addListener(done -> {
                if (done.isSuccess()) {
                    written = true;
                    Lingering.close(now);
                } else {
                    end(done.cause());
                }
            });
        }

        void giveUp() {
            end(null);
        }

        private void end(@Nullable Throwable failure) {
            if (over) {
                return;
            }
            over = true;
            all.remove(this);
            UnderWay toIt = byAddress.get(to.address());
            if (toIt != null) {
                toIt.remove(this);
                if (toIt.oldestFirst.isEmpty()) {
                    byAddress.remove(to.address());
                }
            }
            if (channel != null) {
                channel.close();
            }
            if (failure != null && !closed) {
                dialler.lost(to, 1, failure);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            giveUp();
        }
    }
}
