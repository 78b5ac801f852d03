package io.memberlist.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Holds the end of a connection back until its handshake is over. Certificates are checked on another thread, and what a client has
 * sent meanwhile waits. One that sends a packet and closes, as a Go program does, would have its packet dropped otherwise.
 */
final class EndAfterHandshake extends ChannelInboundHandlerAdapter {
    private final SslHandler ssl;

    private EndAfterHandshake(SslHandler ssl) {
        this.ssl = ssl;
    }

    /** Adds TLS to a connection that has been accepted. */
    static void addTls(SocketChannel channel, SslHandler ssl) {
        channel.config().setAllowHalfClosure(true);
        channel.pipeline().addLast(new EndAfterHandshake(ssl), ssl);
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
