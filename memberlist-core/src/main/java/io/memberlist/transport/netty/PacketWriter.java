package io.memberlist.transport.netty;

import io.memberlist.transport.Completion;
import io.memberlist.transport.TransportException;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends a member's packets from the socket that can reach the receiver. Used on the loop. */
final class PacketWriter {
    private final NettyEventLoop loop;
    private final List<Binder.Bound> bound;
    private final BooleanSupplier closed;
    private boolean flushPending;

    /**
     * @param bound the member's own sockets first
     * @param closed whether the transport takes nothing any more
     */
    PacketWriter(NettyEventLoop loop, List<Binder.Bound> bound, BooleanSupplier closed) {
        this.loop = loop;
        this.bound = bound;
        this.closed = closed;
    }

    /** @param completion called in any case, never before this method returns */
    void send(InetSocketAddress to, byte[] packet, Completion<Void> completion) {
        DatagramChannel channel = channelTo(to);
        String refusal = channel == null ? otherFamily() : refusal(channel, to, packet);
        if (channel == null || refusal != null) {
            TransportException failure = Failures.packet(to, packet.length, refusal);
            loop.executeAlways(() -> completion.done(null, failure));
            return;
        }
        channel.write(new DatagramPacket(Unpooled.wrappedBuffer(packet), to)).addListener(sent -> {
            Throwable cause = sent.cause();
            TransportException failure = cause == null ? null : Failures.packet(to, packet.length, cause);
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
        bound.forEach(each -> each.packets().flush());
    }

    /** {@return the first socket that can reach the address, which is the member's own unless the family differs} */
    private @Nullable DatagramChannel channelTo(InetSocketAddress to) {
        for (Binder.Bound each : bound) {
            InetAddress local = each.address().getAddress();
            boolean mismatch = local instanceof Inet4Address
                    ? to.getAddress() instanceof Inet6Address
                    : to.getAddress() instanceof Inet4Address;
            if (!mismatch || local.isAnyLocalAddress()) {
                return each.packets();
            }
        }
        return null;
    }

    private String otherFamily() {
        return "the packet socket is bound to " + Failures.text(bound.get(0).address())
                + ", which is of another address family; bind to 0.0.0.0 or :: for both";
    }

    private @Nullable String refusal(DatagramChannel channel, InetSocketAddress to, byte[] packet) {
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
}
