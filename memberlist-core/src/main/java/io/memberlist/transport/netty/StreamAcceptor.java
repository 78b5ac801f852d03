package io.memberlist.transport.netty;

import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts the streams that others open, up to a limit. */
final class StreamAcceptor extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(StreamAcceptor.class);
    private static final long PAUSE_MILLIS = 1000;

    private final AddressQuota streams;
    private final NettyTransport transport;
    private final TransportListener listener;
    private long refused;

    /**
     * @param streams limits how many may be open at a time; further connections are closed at once
     * @param transport owns the streams
     * @param listener gives each stream its handler
     */
    StreamAcceptor(AddressQuota streams, NettyTransport transport, TransportListener listener) {
        this.streams = streams;
        this.transport = transport;
        this.listener = listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        SocketChannel channel = (SocketChannel) message;
        InetSocketAddress from = channel.remoteAddress();
        if (from == null) {
            // The other side closed the connection before it was accepted.
            channel.unsafe().closeForcibly();
            return;
        }
        if (!streams.tryAcquire(from.getAddress(), 1)) {
            refused++;
            log.debug(
                    "Refused a stream from {}: {} are open, and one address may have half of the limit; {} refused so far",
                    from,
                    streams.used(),
                    refused);
            channel.unsafe().closeForcibly();
            return;
        }
        channel.closeFuture().addListener(closed -> streams.release(from.getAddress(), 1));
        if (transport.isClosing()) {
            channel.unsafe().closeForcibly();
            return;
        }
        StreamHandler handler;
        try {
            handler = listener.streamAccepted(from);
        } catch (Throwable e) {
            log.error("The listener failed to accept a stream from {}; closing it", from, e);
            channel.unsafe().closeForcibly();
            return;
        }
        transport.track(channel, from, handler).accept();
    }

    /** Pauses: most likely the process is out of file descriptors, and accepting again at once would fail again. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.warn("Cannot accept streams, trying again in {} ms: {}", PAUSE_MILLIS, Failures.reason(cause));
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
