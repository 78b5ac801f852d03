package io.memberlist.transport.netty;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection in good order: the end goes out behind the data, and what the other side still sends is read for a while, and dropped
 * by the handler. Closing a socket with unread input makes TCP reset the connection, which can destroy what the other side has not
 * read yet. With TLS there often is such input, since a server sends tickets that nobody asked for.
 */
final class Lingering {
    private static final long SECONDS = 2;

    private Lingering() {}

    /** Ends a registered connection, at the latest after two seconds. */
    static void close(SocketChannel channel) {
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        var linger = channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> linger.cancel(false));
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdownOutput(channel);
        } else {
            tls.closeOutbound().addListener(said -> shutdownOutput(channel));
        }
    }

    private static void shutdownOutput(SocketChannel channel) {
        channel.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                channel.close();
            }
        });
    }
}
