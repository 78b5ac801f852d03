package io.memberlist.transport.netty;

import io.memberlist.transport.TransportDrop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an accepted connection until it turns out to be a stream: then what is left belongs to that. Used on the loop. What it holds
 * back until a packet is whole is bounded by the size of a packet and, for all connections together, by the receiver.
 */
abstract class ConnectionReader extends ByteToMessageDecoder {
    /** So many of each connection are not counted: those who fill the limit must not keep small packets out. */
    private static final int FREE_BYTES = 64 * 1024;

    private final Receiver receiver;
    private long held;
    private boolean ended;

    /** What a connection brings. */
    interface Receiver {
        /** {@return whether so many more bytes may be held back} */
        boolean hold(long bytes);

        /** Fewer bytes are held back. */
        void release(long bytes);

        /** @param claimed where the sender says that it listens */
        void packet(InetSocketAddress claimed, byte[] packet);

        /**
         * The connection is a stream from here on.
         *
         * @param claimed where the sender says that it listens, or null if it does not say
         */
        void stream(@Nullable InetSocketAddress claimed);

        /** The connection brings nothing of use any more, and is closed. */
        void refused(TransportDrop reason, String detail);
    }

    ConnectionReader(Receiver receiver) {
        this.receiver = receiver;
    }

    /**
     * Reads what is whole.
     *
     * @param last whether nothing more comes
     */
    abstract void read(ByteBuf in, boolean last);

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        read(ctx, in, false);
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        read(ctx, in, true);
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in, boolean last) {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!hold(in.readableBytes())) {
            refuse(TransportDrop.TOO_LARGE, "too many bytes of packets that are not whole wait already");
            in.skipBytes(in.readableBytes());
            return;
        }
        read(in, last);
        if (ctx.isRemoved()) {
            return;
        }
        if (ended) {
            in.skipBytes(in.readableBytes());
        }
        hold(in.readableBytes());
    }

    /** Nothing that has arrived counts any more, since this member ends the connection. */
    final void end() {
        ended = true;
    }

    private boolean hold(long all) {
        long bytes = Math.max(0, all - FREE_BYTES);
        if (bytes > held && !receiver.hold(bytes - held)) {
            return false;
        }
        if (bytes < held) {
            receiver.release(held - bytes);
        }
        held = bytes;
        return true;
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext ctx) {
        hold(0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended = true;
        ctx.fireExceptionCaught(cause);
    }

    final void packet(InetSocketAddress claimed, byte[] packet) {
        receiver.packet(claimed, packet);
    }

    final void stream(@Nullable InetSocketAddress claimed) {
        receiver.stream(claimed);
    }

    final void refuse(TransportDrop reason, String detail) {
        ended = true;
        receiver.refused(reason, detail);
    }

    /** {@return an address in the form of {@code 10.0.0.1:7946} or {@code [::1]:7946}, or null if it is none} */
    static @Nullable InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        byte[] ip = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return ip == null || port < 0 || port > 0xffff
                    ? null
                    : new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (NumberFormatException | UnknownHostException e) {
            return null;
        }
    }
}
