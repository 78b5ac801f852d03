package io.memberlist.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Holds the end of a connection back until its handshake is over. Certificates are checked on another thread, and what a client has
 * sent meanwhile waits. One that sends a packet and closes, as a Go program does, would have its packet dropped otherwise.
 *
 * <p>Nobody is known before that, so little is read: the rest waits in the network.
 */
final class EndAfterHandshake extends ChannelDuplexHandler {
    private static final int MOST_BYTES = 64 * 1024;

    private final SslHandler ssl;
    private long read;
    private boolean paused;

    private EndAfterHandshake(SslHandler ssl) {
        this.ssl = ssl;
    }

    /** Adds TLS to a connection that has been accepted. */
    static void addTls(SocketChannel channel, SslHandler ssl) {
        channel.config().setAllowHalfClosure(true);
        channel.pipeline().addLast(new EndAfterHandshake(ssl), ssl);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!ssl.handshakeFuture().isDone()) {
            read += ((ByteBuf) message).readableBytes();
            if (read > MOST_BYTES && !paused) {
                paused = true;
                ctx.channel().config().setAutoRead(false);
                ssl.handshakeFuture().addListener(over -> ctx.executor().execute(() -> goOn(ctx)));
            }
        }
        ctx.fireChannelRead(message);
    }

    private void goOn(ChannelHandlerContext ctx) {
        paused = false;
        ctx.channel().config().setAutoRead(true);
    }

    /** TLS asks for more as long as its handshake lasts. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!paused) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // What waits is decrypted within the event that ends the handshake.
            ssl.handshakeFuture().addListener(over -> ctx.executor().execute(ctx::close));
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ctx.fireUserEventTriggered(event);
        }
    }
}
