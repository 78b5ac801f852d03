package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The sockets of one member, all on the loop that the member is pinned to: acceptors and streams, and what its subclasses send packets
 * over.
 */
abstract class SocketTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(SocketTransport.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);

    private static final long ACCEPT_PAUSE_MILLIS = 1000;

    private final DnsMemory dnsMemory = new DnsMemory();
    final IoBackend io;
    final NettyEventLoop loop;
    private final List<Binder.Bound> bound;
    private final AddressQuota acceptedStreams;
    private final Set<NettyStream> streams = new LinkedHashSet<>();
    private final Map<CompletableFuture<List<InetSocketAddress>>, SeedLookup> lookUps = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int openChannels;

    SocketTransport(IoBackend io, NettyEventLoop loop, List<Binder.Bound> bound, int acceptedLimit) {
        this.io = io;
        this.loop = loop;
        this.bound = bound;
        this.acceptedStreams = new AddressQuota(acceptedLimit);
        for (Binder.Bound each : bound) {
            channelOpened(each.acceptor());
        }
    }

    /** Begins to receive packets. */
    abstract void receive(TransportListener listener);

    /** Takes a connection that somebody has opened, and that counts as open until it is closed. */
    abstract void accept(SocketChannel channel, InetSocketAddress from, TransportListener listener);

    /** {@return the stream over a connection that this member opens} */
    abstract NettyStream newStream(SocketChannel channel, Recipient to, long timeoutNanos, StreamHandler handler);

    /** Closes what the subclass has opened. */
    abstract void closeMore();

    final boolean isClosing() {
        return closing.get();
    }

    @Override
    public final EventLoop eventLoop() {
        return loop;
    }

    @Override
    public final InetSocketAddress boundAddress() {
        return bound.get(0).address();
    }

    @Override
    public final void start(TransportListener listener) {
        if (closing.get()) {
            return;
        }
        receive(listener);
        bound.forEach(each -> {
            each.acceptor().pipeline().addLast(new Acceptor(listener));
            each.acceptor().config().setAutoRead(true);
        });
    }

    @Override
    public final void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        String refusal = closing.get() ? Failures.CLOSED : Failures.noTarget(to);
        if (refusal != null) {
            refuse(handler, Failures.connect(to, refusal, null));
            return;
        }
        SocketChannel channel = null;
        NettyStream stream;
        try {
            channel = io.streamChannels.get();
            stream = newStream(channel, recipient, timeoutNanos, handler);
        } catch (RuntimeException e) {
            // The process is out of file descriptors, for example.
            if (channel != null) {
                channel.unsafe().closeForcibly();
            }
            refuse(handler, Failures.connect(to, Failures.reason(e), e));
            return;
        }
        channelOpened(channel);
        track(channel, stream);
        stream.connect(timeoutNanos);
    }

    private void refuse(StreamHandler handler, TransportException failure) {
        loop.executeAlways(() -> handler.closed(failure));
    }

    /** Closes a connection that was accepted and is of no use. Only a registered channel tells of its end. */
    final void refuse(SocketChannel channel) {
        loop.netty().register(channel).addListener(registered -> channel.close());
    }

    /** Sees to it that a stream ends with the transport. */
    final void track(SocketChannel channel, NettyStream stream) {
        streams.add(stream);
        channel.closeFuture().addListener(done -> streams.remove(stream));
    }

    /** {@return the handler of a stream that somebody has opened, or null if the listener failed} */
    static @Nullable StreamHandler handler(TransportListener listener, InetSocketAddress from) {
        try {
            return listener.streamAccepted(from);
        } catch (Throwable e) {
            throttled.log(
                    Level.ERROR,
                    e.getClass(),
                    "The listener failed to accept a stream from {}; closing it",
                    Failures.text(from),
                    e);
            return null;
        }
    }

    @Override
    public final CompletableFuture<List<InetAddress>> resolve(String host) {
        return SeedResolver.fromPlatform(loop, host);
    }

    @Override
    public final CompletableFuture<List<InetSocketAddress>> lookUp(
            SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        if (closing.get()) {
            return CompletableFuture.failedFuture(closedWhileLookingUp(seed));
        }
        DnsClient dns = new DnsClient(io, loop, dnsMemory, this::channelOpened, loop.nanoTime() + timeoutNanos);
        CompletableFuture<List<InetSocketAddress>> found = new SeedResolver(seed, dnsConfigPath, loop, dns).run();
        lookUps.put(found, seed);
        found.whenComplete((addresses, failure) -> lookUps.remove(found));
        return found;
    }

    private static TransportException closedWhileLookingUp(SeedLookup seed) {
        return Failures.resolve(seed.toString(), Failures.CLOSED, null);
    }

    @Override
    public final CompletableFuture<Void> close() {
        if (closing.compareAndSet(false, true)) {
            loop.executeAlways(this::closeChannels);
        }
        return closed.copy();
    }

    private void closeChannels() {
        bound.forEach(each -> each.acceptor().close());
        closeMore();
        List.copyOf(streams).forEach(NettyStream::abortWithTransport);
        Map.copyOf(lookUps).forEach((found, seed) -> found.completeExceptionally(closedWhileLookingUp(seed)));
    }

    /** The transport is closed when all of these are. */
    final void channelOpened(Channel channel) {
        openChannels++;
        channel.closeFuture().addListener(done -> {
            openChannels--;
            if (openChannels == 0) {
                // The handlers of the streams are notified first: those tasks are queued already.
                loop.executeAfterPoll(this::finish);
            }
        });
    }

    private void finish() {
        loop.shutdown();
        closed.complete(null);
    }

    /** Accepts the streams that others open, up to a limit. */
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        private final TransportListener listener;
        private long refused;

        Acceptor(TransportListener listener) {
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
            if (!acceptedStreams.tryAcquire(from.getAddress(), 1)) {
                refused++;
                log.debug(
                        "Refused a stream from {}: {} are open, and one address may have half of the limit; {} refused so far",
                        from,
                        acceptedStreams.used(),
                        refused);
                channel.unsafe().closeForcibly();
                return;
            }
            channel.closeFuture().addListener(closed -> acceptedStreams.release(from.getAddress(), 1));
            if (closing.get()) {
                channel.unsafe().closeForcibly();
                return;
            }
            channelOpened(channel);
            accept(channel, from, listener);
        }

        /** Pauses: most likely the process is out of file descriptors, and accepting again at once would fail again. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            throttled.log(
                    Level.WARN,
                    boundAddress(),
                    "Cannot accept streams at {}, trying again in {} ms: {}",
                    Failures.text(boundAddress()),
                    ACCEPT_PAUSE_MILLIS,
                    Failures.reason(cause));
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(
                            () -> ctx.channel().config().setAutoRead(true), ACCEPT_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
