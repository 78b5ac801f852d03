package io.memberlist.transport.netty;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes arriving packets to a receiver. A receiver that throws loses that packet and no other. */
final class PacketReader extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger log = LoggerFactory.getLogger(PacketReader.class);

    private final Receiver receiver;

    PacketReader(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Is given one packet. */
    @FunctionalInterface
    interface Receiver {
        void received(InetSocketAddress from, byte[] packet, long receivedNanos);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
        long receivedNanos = System.nanoTime();
        // The native backend's addresses have a type of Netty's, which must not leave this package.
        InetSocketAddress sender = packet.sender();
        InetSocketAddress from = sender.getClass() == InetSocketAddress.class
                ? sender
                : new InetSocketAddress(sender.getAddress(), sender.getPort());
        byte[] bytes = ByteBufUtil.getBytes(packet.content());
        try {
            receiver.received(from, bytes, receivedNanos);
        } catch (Throwable e) {
            log.error("The listener failed on a packet of {} bytes from {}", bytes.length, from, e);
        }
    }

    /** Logs the error and goes on: the next UDP packet has nothing to do with it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("Receiving packets on {} reported an error", ctx.channel().localAddress(), cause);
    }
}
