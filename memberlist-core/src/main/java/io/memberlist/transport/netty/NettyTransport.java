package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Completion;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The sockets of one member: UDP channels, TCP acceptors and streams, all on the loop that the member is pinned to. */
final class NettyTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);

    private static final long ACCEPT_PAUSE_MILLIS = 1000;

    private final DnsMemory dnsMemory = new DnsMemory();
    private final IoBackend io;
    private final NettyEventLoop loop;
    private final List<Binder.Bound> bound;
    private final Packets packets;
    private final AddressQuota acceptedStreams;
    private final Set<NettyStream> streams = new LinkedHashSet<>();
    private final Map<CompletableFuture<List<InetSocketAddress>>, SeedLookup> lookUps = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int openChannels;

    NettyTransport(IoBackend io, NettyEventLoop loop, List<Binder.Bound> bound, int acceptedLimit) {
        this.io = io;
        this.loop = loop;
        this.bound = bound;
        this.packets = new Packets(loop, bound, closing::get);
        this.acceptedStreams = new AddressQuota(acceptedLimit);
        for (Binder.Bound each : bound) {
            channelOpened(each.packets());
            channelOpened(each.acceptor());
        }
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public InetSocketAddress boundAddress() {
        return bound.get(0).address();
    }

    @Override
    public void start(TransportListener listener) {
        if (closing.get()) {
            return;
        }
        packets.receive(listener);
        bound.forEach(each -> {
            each.acceptor().pipeline().addLast(new Acceptor(listener));
            each.acceptor().config().setAutoRead(true);
        });
    }

    @Override
    public void sendPacket(Recipient recipient, byte[] packet, Completion<Void> completion) {
        packets.send(recipient.address(), packet, completion);
    }

    @Override
    public void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        String refusal = closing.get() ? Failures.CLOSED : Failures.noTarget(to);
        if (refusal != null) {
            refuse(handler, Failures.connect(to, refusal, null));
            return;
        }
        SocketChannel channel;
        try {
            channel = io.streamChannels.get();
        } catch (RuntimeException e) {
            // The process is out of file descriptors.
            refuse(handler, Failures.connect(to, Failures.reason(e), e));
            return;
        }
        track(channel, to, handler).connect(timeoutNanos);
    }

    private void refuse(StreamHandler handler, TransportException failure) {
        loop.executeAlways(() -> handler.closed(failure));
    }

    private NettyStream track(SocketChannel channel, InetSocketAddress remote, StreamHandler handler) {
        NettyStream stream = new NettyStream(loop, channel, remote, handler);
        streams.add(stream);
        channel.closeFuture().addListener(done -> streams.remove(stream));
        channelOpened(channel);
        return stream;
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String host) {
        return SeedResolver.fromPlatform(loop, host);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
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
    public CompletableFuture<Void> close() {
        if (closing.compareAndSet(false, true)) {
            loop.executeAlways(this::closeChannels);
        }
        return closed.copy();
    }

    private void closeChannels() {
        bound.forEach(each -> {
            each.acceptor().close();
            each.packets().close();
        });
        List.copyOf(streams).forEach(NettyStream::abortWithTransport);
        Map.copyOf(lookUps).forEach((found, seed) -> found.completeExceptionally(closedWhileLookingUp(seed)));
    }

    private void channelOpened(Channel channel) {
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
            StreamHandler handler;
            try {
                handler = listener.streamAccepted(from);
            } catch (Throwable e) {
                throttled.log(
                        Level.ERROR,
                        e.getClass(),
                        "The listener failed to accept a stream from {}; closing it",
                        Failures.text(from),
                        e);
                channel.unsafe().closeForcibly();
                return;
            }
            track(channel, from, handler).accept();
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
