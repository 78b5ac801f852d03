package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.Completion;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Receives a member's packets, and sends them from the socket that can reach the receiver. Used on the loop. */
final class Packets {
    private static final Logger log = LoggerFactory.getLogger(Packets.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);

    private final NettyEventLoop loop;
    private final List<DatagramChannel> channels;
    private final List<InetSocketAddress> addresses;
    private final BooleanSupplier closed;
    private boolean flushPending;

    /**
     * @param channels the member's own socket first
     * @param addresses those of the channels, in the same order
     * @param closed whether the transport takes and gives nothing any more
     */
    Packets(
            NettyEventLoop loop,
            List<DatagramChannel> channels,
            List<InetSocketAddress> addresses,
            BooleanSupplier closed) {
        this.loop = loop;
        this.channels = channels;
        this.addresses = addresses;
        this.closed = closed;
    }

    /** Passes arriving packets to the listener. */
    void receive(TransportListener listener) {
        channels.forEach(each -> {
            each.pipeline().addLast(new Receiver(listener));
            each.config().setAutoRead(true);
        });
    }

    /** @param completion called in any case, never before this method returns */
    void send(InetSocketAddress to, byte[] packet, Completion<Void> completion) {
        DatagramChannel channel = channelTo(to);
        String refusal = refusal(channel, to, packet);
        if (channel == null || refusal != null) {
            TransportException failure = Failures.packet(to, packet.length, String.valueOf(refusal), null);
            loop.executeAlways(() -> completion.done(null, failure));
            return;
        }
        channel.write(new DatagramPacket(Unpooled.wrappedBuffer(packet), to)).addListener(sent -> {
            Throwable cause = sent.cause();
            TransportException failure =
                    cause == null ? null : Failures.packet(to, packet.length, Failures.reason(cause), cause);
            NettyEventLoop.runGuarded(() -> completion.done(null, failure));
        });
        if (!flushPending) {
            // One flush for all packets of this turn of the loop: with epoll they leave in one system call.
            flushPending = true;
            loop.executeAlways(this::flush);
        }
    }

    private void flush() {
        flushPending = false;
        channels.forEach(DatagramChannel::flush);
    }

    /** {@return the first socket that can reach the address, which is the member's own unless the family differs} */
    private @Nullable DatagramChannel channelTo(InetSocketAddress to) {
        for (int i = 0; i < channels.size(); i++) {
            InetAddress local = addresses.get(i).getAddress();
            boolean mismatch = local instanceof Inet4Address
                    ? to.getAddress() instanceof Inet6Address
                    : to.getAddress() instanceof Inet4Address;
            if (!mismatch || local.isAnyLocalAddress()) {
                return channels.get(i);
            }
        }
        return null;
    }

    private @Nullable String refusal(@Nullable DatagramChannel channel, InetSocketAddress to, byte[] packet) {
        if (channel == null) {
            return "the packet socket is bound to " + Failures.text(addresses.get(0))
                    + ", which is of another address family; bind to 0.0.0.0 or :: for both";
        }
        if (closed.getAsBoolean()) {
            return Failures.CLOSED;
        }
        if (packet.length == 0) {
            return "it is empty";
        }
        if (!channel.isWritable()) {
            return "too many packets wait to be sent; try again later";
        }
        return Failures.noTarget(to);
    }

    /** Passes the packets of one socket on. A listener that throws loses that packet and no other. */
    private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final TransportListener listener;

        Receiver(TransportListener listener) {
            this.listener = listener;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            long receivedNanos = System.nanoTime();
            if (closed.getAsBoolean()) {
                return;
            }
            // The native backend's addresses have a type of Netty's, which must not leave this package.
            InetSocketAddress sender = packet.sender();
            InetSocketAddress from = sender.getClass() == InetSocketAddress.class
                    ? sender
                    : new InetSocketAddress(sender.getAddress(), sender.getPort());
            byte[] bytes = ByteBufUtil.getBytes(packet.content());
            try {
                listener.packetReceived(from, bytes, receivedNanos);
            } catch (Throwable e) {
                throttled.log(
                        Level.ERROR,
                        e.getClass(),
                        "The listener failed on a packet of {} bytes from {}",
                        bytes.length,
                        Failures.text(from),
                        e);
            }
        }

        /** Logs the error and goes on: the next UDP packet has nothing to do with it. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("Receiving packets on {} reported an error", ctx.channel().localAddress(), cause);
        }
    }
}
