package io.memberlist.transport.netty;

import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import java.net.Inet4Address;
import java.net.Inet6Address;
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

/** One member's sockets: a UDP channel, a TCP acceptor and streams, all on the one loop the member is pinned to. */
final class NettyTransport implements Transport {
    private final IoBackend io;
    private final SharedThreads.Lease lease;
    private final NettyEventLoop loop;
    private final List<Binder.Bound> bound;
    private final Binder.Bound first;
    private final AddressQuota acceptedStreams;
    private final HostResolver resolver;
    private final Set<NettyStream> streams = new LinkedHashSet<>();
    private final Map<CompletableFuture<List<InetSocketAddress>>, SeedLookup> lookUps = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int openChannels;
    private boolean flushPending;

    NettyTransport(
            IoBackend io, SharedThreads.Lease lease, NettyEventLoop loop, List<Binder.Bound> bound, int acceptedLimit) {
        this.io = io;
        this.lease = lease;
        this.loop = loop;
        this.bound = bound;
        this.first = bound.get(0);
        this.acceptedStreams = new AddressQuota(acceptedLimit);
        this.resolver = new HostResolver(loop, lease.resolvers());
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
        return first.address();
    }

    @Override
    public void start(TransportListener listener) {
        if (closing.get()) {
            return;
        }
        bound.forEach(each -> start(each, listener));
    }

    private void start(Binder.Bound each, TransportListener listener) {
        each.packets().pipeline().addLast(new PacketReader((from, packet, receivedNanos) -> {
            if (!closing.get()) {
                listener.packetReceived(from, packet, receivedNanos);
            }
        }));
        each.acceptor()
                .pipeline()
                .addLast(new StreamAcceptor(
                        acceptedStreams,
                        from -> closing.get() ? null : listener.streamAccepted(from),
                        (channel, handler) ->
                                track(channel, channel.remoteAddress(), handler).accept(lease.loop())));
        each.packets().config().setAutoRead(true);
        each.acceptor().config().setAutoRead(true);
    }

    @Override
    public void sendPacket(Recipient recipient, byte[] packet, Completion<Void> completion) {
        InetSocketAddress to = recipient.address();
        DatagramChannel channel = packetsTo(to);
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

    /** {@return the first packet socket that can reach the address, which is the member's own unless the family differs} */
    private @Nullable DatagramChannel packetsTo(InetSocketAddress to) {
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
        return "the packet socket is bound to " + Failures.text(first.address())
                + ", which is of another address family; bind to 0.0.0.0 or :: for both";
    }

    private @Nullable String refusal(DatagramChannel channel, InetSocketAddress to, byte[] packet) {
        if (closing.get()) {
            return "the transport is closed";
        }
        if (to.isUnresolved()) {
            return "the address is not resolved";
        }
        if (to.getPort() == 0) {
            return "port 0 is no target; give the member's real port";
        }
        if (packet.length == 0) {
            return "it is empty";
        }
        if (!channel.isWritable()) {
            return "too many packets wait to be sent; try again later";
        }
        return null;
    }

    @Override
    public void openStream(Recipient recipient, long timeoutNanos, StreamHandler handler) {
        InetSocketAddress to = recipient.address();
        String refusal = closing.get()
                ? "the transport is closed"
                : to.isUnresolved() ? "the address is not resolved" : to.getPort() == 0 ? "port 0 is no target" : null;
        if (refusal != null) {
            TransportException failure = Failures.connect(to, refusal);
            loop.executeAlways(() -> handler.closed(failure));
            return;
        }
        SocketChannel channel;
        try {
            channel = io.newStreamChannel();
        } catch (RuntimeException e) {
            // out of descriptors
            TransportException failure = Failures.connect(to, e);
            loop.executeAlways(() -> handler.closed(failure));
            return;
        }
        track(channel, to, handler).connect(lease.loop(), connectMillis(timeoutNanos));
    }

    /** Rounded up, for 0 would mean no limit to Netty. */
    private static int connectMillis(long timeoutNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, timeoutNanos - 1)) + 1;
        return (int) Math.min(Integer.MAX_VALUE, millis);
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
        return resolver.resolve(host);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
        if (closing.get()) {
            return CompletableFuture.failedFuture(closedWhileLookingUp(seed));
        }
        DnsClient dns = new DnsClient(io, loop, this::channelOpened, loop.nanoTime() + timeoutNanos);
        CompletableFuture<List<InetSocketAddress>> found =
                new SeedResolver(seed, dnsConfigPath, loop, resolver, dns).run();
        lookUps.put(found, seed);
        found.whenComplete((addresses, failure) -> lookUps.remove(found));
        return found;
    }

    private static TransportException closedWhileLookingUp(SeedLookup seed) {
        return Failures.resolve(seed.toString(), "the transport is closed", null);
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
        channel.closeFuture().addListener(done -> channelClosed());
    }

    private void channelClosed() {
        openChannels--;
        if (openChannels == 0) {
            // By then the streams' handlers have heard of their ends, too: those tasks are queued ahead.
            loop.executeAfterPoll(this::finish);
        }
    }

    private void finish() {
        loop.shutdown();
        lease.release();
        closed.complete(null);
    }
}
