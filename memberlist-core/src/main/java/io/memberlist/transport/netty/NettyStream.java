package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One TCP connection with its {@link StreamHandler}. Used on the loop. The handler is notified of the end by a task of its
 * own, queued after the completions of what was sent: {@code closed} is the last call it gets, and never comes inside a call
 * that the handler makes.
 */
final class NettyStream extends SimpleChannelInboundHandler<ByteBuf> implements Stream {
    private static final Logger log = LoggerFactory.getLogger(NettyStream.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);

    private final NettyEventLoop loop;
    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final StreamHandler handler;
    private final byte @Nullable [] header;
    private boolean opened;
    private boolean closing;
    private boolean ended;
    private @Nullable Throwable failure;

    NettyStream(NettyEventLoop loop, SocketChannel channel, InetSocketAddress remote, StreamHandler handler) {
        this(loop, channel, remote, handler, null);
    }

    /** @param header what is sent before the handler may send anything, or null */
    NettyStream(
            NettyEventLoop loop,
            SocketChannel channel,
            InetSocketAddress remote,
            StreamHandler handler,
            byte @Nullable [] header) {
        this.header = header;
        this.loop = loop;
        this.channel = channel;
        this.remote = remote;
        this.handler = handler;
        try {
            channel.config().setTcpNoDelay(true).setKeepAlive(true);
        } catch (ChannelException e) {
            // An accepted connection may be closed by now, which the first read reports.
            log.trace("Cannot set the options of the stream with {}", remote, e);
        }
        channel.pipeline().addLast(this);
    }

    /** Registers an accepted connection with the loop. */
    void accept() {
        register(() -> {
            if (!opened) {
                abort(Failures.stream(remote, "it ended before it could be used", null));
            }
        });
    }

    /** Takes over a connection that is open already, and may have brought something before it turned out to be a stream. */
    void adopt() {
        channel.closeFuture().addListener(closed -> loop.executeAlways(this::end));
        open();
    }

    /** Registers a new connection with the loop, and connects. */
    void connect(long timeoutNanos) {
        // Rounded up, since Netty takes 0 for no limit.
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, timeoutNanos - 1)) + 1;
        channel.config().setConnectTimeoutMillis((int) Math.min(Integer.MAX_VALUE, millis));
        register(() -> channel.connect(remote).addListener(connected -> {
            if (!connected.isSuccess()) {
                abort(failed(Failures.reason(connected.cause()), connected.cause()));
            }
        }));
    }

    private void register(Runnable next) {
        loop.netty().register(channel).addListener(registered -> {
            channel.closeFuture().addListener(closed -> loop.executeAlways(this::end));
            if (registered.isSuccess()) {
                next.run();
            } else {
                abort(failed(Failures.reason(registered.cause()), registered.cause()));
            }
        });
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public void send(byte[] bytes, Completion<Void> completion) {
        if (closing || !channel.isActive()) {
            complete(completion, failed("it is closed", null));
            return;
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(written -> {
            Throwable cause = written.cause();
            if (cause == null) {
                complete(completion, null);
                return;
            }
            TransportException said = failed(Failures.reason(cause), cause);
            boolean merelyClosed = cause instanceof ClosedChannelException && cause.getCause() == null;
            if (!merelyClosed && !closing && failure == null) {
                failure = said;
            }
            complete(completion, said);
        });
    }

    private void complete(Completion<Void> completion, @Nullable Throwable outcome) {
        loop.executeAlways(() -> completion.done(null, outcome));
    }

    /** Ends the stream for the handler at once, but the connection in good order. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        loop.executeAlways(this::end);
        Lingering.close(channel);
    }

    /** Closes the connection at once. The handler is told why, unless it has closed the stream itself. */
    private void abort(Throwable why) {
        if (failure == null && !closing) {
            failure = why;
        }
        channel.close();
    }

    /** Closes the connection because the member's transport is closed. */
    void abortWithTransport() {
        abort(failed("this member's transport was closed", null));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (ctx.pipeline().get(SslHandler.class) == null) {
            open();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !opened) {
            if (handshake.isSuccess()) {
                open();
            } else {
                abort(failed(Tls.reason(handshake.cause()), handshake.cause()));
            }
        }
    }

    private void open() {
        opened = true;
        if (header != null) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(header));
        }
        call("opened", () -> handler.opened(this));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf buffer) {
        if (!closing && failure == null && buffer.isReadable()) {
            byte[] bytes = ByteBufUtil.getBytes(buffer);
            call("received", () -> handler.received(bytes));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        abort(failed(Tls.isDistrust(cause) ? Tls.reason(cause) : Failures.reason(cause), cause));
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (!opened && failure == null) {
            failure = failed("closed", null);
        }
        try {
            handler.closed(failure);
        } catch (Throwable e) {
            handlerFailed("closed", e);
        }
    }

    private void handlerFailed(String what, Throwable failure) {
        throttled.log(
                Level.ERROR,
                failure.getClass(),
                "The handler of the stream with {} failed in {}; the stream is closed",
                Failures.text(remote),
                what,
                failure);
    }

    private TransportException failed(String reason, @Nullable Throwable cause) {
        return opened ? Failures.stream(remote, reason, cause) : Failures.connect(remote, reason, cause);
    }

    /** Calls the handler. One that throws loses its stream and nothing else. */
    private void call(String what, Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            handlerFailed(what, e);
            abort(e);
        }
    }
}
