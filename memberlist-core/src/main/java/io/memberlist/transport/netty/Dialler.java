package io.memberlist.transport.netty;

import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportDrop;
import io.memberlist.transport.TransportListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens the connections that carry packets, and tells what became of packets that could not leave. Used on the loop. */
final class Dialler {
    private static final int CONNECT_MILLIS = 5_000;
    /** After this time without an acknowledgement the other side is gone, and the next packet makes another connection. */
    private static final int ACKNOWLEDGED_MILLIS = 5_000;

    private final IoBackend io;
    private final NettyEventLoop loop;
    private final @Nullable Tls tls;
    private final Consumer<Channel> opened;
    private final TransportListener listener;

    /** @param opened told of each channel, which it has to see closed before the transport is */
    Dialler(
            IoBackend io,
            NettyEventLoop loop,
            @Nullable Tls tls,
            Consumer<Channel> opened,
            TransportListener listener) {
        this.io = io;
        this.loop = loop;
        this.tls = tls;
        this.opened = opened;
        this.listener = listener;
    }

    NettyEventLoop loop() {
        return loop;
    }

    /** {@return the certificates that a new connection uses, or null without TLS} */
    @Nullable
    Object identities() {
        return tls == null ? null : tls.identities();
    }

    /**
     * Begins to connect.
     *
     * @param handler told of the connection's events
     * @return the connection, or null if the process has no descriptors left
     */
    @Nullable
    SocketChannel dial(Recipient to, ChannelHandler handler, Consumer<@Nullable Throwable> connected) {
        SocketChannel channel = null;
        try {
            channel = io.streamChannels.get();
            channel.config().setTcpNoDelay(true).setConnectTimeoutMillis(CONNECT_MILLIS);
            if (channel instanceof EpollSocketChannel) {
                channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, ACKNOWLEDGED_MILLIS);
            }
            SslHandler ssl = tls == null ? null : tls.client(to, channel.alloc());
            if (ssl != null) {
                ssl.setHandshakeTimeoutMillis(CONNECT_MILLIS);
                channel.pipeline().addLast(ssl);
            }
            channel.pipeline().addLast(handler);
            // Never within this call, which has not said yet which connection it is.
            begin(channel, to, ssl, failure -> loop.executeAlways(() -> connected.accept(failure)));
            return channel;
        } catch (RuntimeException e) {
            if (channel != null) {
                channel.unsafe().closeForcibly();
            }
            loop.executeAlways(() -> connected.accept(e));
            return null;
        }
    }

    private void begin(
            SocketChannel channel, Recipient to, @Nullable SslHandler ssl, Consumer<@Nullable Throwable> connected) {
        opened.accept(channel);
        loop.netty().register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                connected.accept(registered.cause());
                return;
            }
            channel.connect(to.address()).addListener(done -> {
                if (!done.isSuccess()) {
                    connected.accept(done.cause());
                } else if (ssl == null) {
                    connected.accept(null);
                } else {
                    ssl.handshakeFuture().addListener(shaken -> connected.accept(shaken.cause()));
                }
            });
        });
    }

    /** Packets were lost since their receiver was not reached. */
    void lost(Recipient to, int count, Throwable cause) {
        boolean distrust = Tls.isDistrust(cause);
        listener.dropped(
                to.address(),
                distrust ? TransportDrop.NOT_TRUSTED : TransportDrop.UNREACHABLE,
                count,
                distrust ? Tls.reason(cause) : Failures.reason(cause));
    }

    /** The oldest packets have gone, since too many wait. */
    void overflowed(Recipient to, int count, long limit) {
        listener.dropped(
                to.address(),
                TransportDrop.SEND_QUEUE_FULL,
                count,
                "more than " + limit + " bytes of packets wait to be sent to it");
    }
}
