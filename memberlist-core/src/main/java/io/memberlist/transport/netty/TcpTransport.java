package io.memberlist.transport.netty;

import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportDrop;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportListener;
import io.memberlist.transport.TransportSecurity;
import io.memberlist.transport.tls.PeerCheck;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Packets and streams over TCP connections, with TLS or without: for networks that let nothing else through. */
final class TcpTransport extends SocketTransport {
    /** How long it takes at most until connections with certificates of before are replaced. */
    static final long RENEWAL_NANOS = 30_000_000_000L;

    private final TcpOptions options;
    private final Framing framing;
    private final @Nullable Tls tls;
    private final Set<Incoming> packetConnections = new LinkedHashSet<>();
    private final Runnable noUpdates;
    private InetSocketAddress self;
    private @Nullable PacketConnections packets;
    private final AddressQuota held;
    private volatile String protocol = "";

    TcpTransport(IoBackend io, NettyEventLoop loop, List<Binder.Bound> bound, int acceptedLimit, TcpOptions options) {
        super(io, loop, bound, acceptedLimit);
        this.options = options;
        this.framing = options.framing();
        this.tls = options.tls() == null ? null : new Tls(options.tls());
        this.held = new AddressQuota(options.maxHeldBytes());
        this.self = boundAddress();
        this.noUpdates = options.tls() == null ? () -> {} : options.tls().onUpdate(() -> loop.execute(this::renew));
    }

    @Override
    public String type() {
        return options.type();
    }

    @Override
    public @Nullable TransportSecurity security() {
        return options.tls() == null
                ? null
                : new TransportSecurity(
                        protocol, options.tls().identities().expiresAt().orElse(null));
    }

    @Override
    public void advertise(InetSocketAddress address) {
        self = address;
    }

    @Override
    void receive(TransportListener listener) {
        Dialler dialler = new Dialler(io, loop, tls, this::channelOpened, listener);
        packets = framing.keepsConnections()
                ? new PooledConnections(
                        dialler, this::frame, options.maxConnections(), options.maxQueueBytes(), options.maxHeldBytes())
                : new SingleConnections(
                        dialler,
                        this::frame,
                        options.maxConnections(),
                        options.maxQueueBytes(),
                        options.maxHeldBytes());
    }

    private byte[] frame(byte[] packet) {
        return framing.packet(self, packet);
    }

    /** A packet counts as sent when it waits for its connection: what is lost from there on is lost as in a network. */
    @Override
    public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
        String refusal = refusal(to.address(), packet);
        TransportException failure =
                refusal == null ? null : Failures.packet(to.address(), packet.length, refusal, null);
        if (failure == null) {
            boolean needsName = options.tls() != null && options.tls().check() == PeerCheck.NAME;
            Objects.requireNonNull(packets).send(needsName ? to : Recipient.at(to.address()), packet);
        }
        loop.executeAlways(() -> completion.done(null, failure));
    }

    private @Nullable String refusal(InetSocketAddress to, byte[] packet) {
        if (isClosing() || packets == null) {
            return Failures.CLOSED;
        }
        if (packet.length == 0) {
            return "it is empty";
        }
        if (packet.length > options.maxPacketSize()) {
            return "it is larger than the limit of " + options.maxPacketSize()
                    + " bytes; send less, or raise the limit";
        }
        return Failures.noTarget(to);
    }

    @Override
    NettyStream newStream(SocketChannel channel, Recipient to, long timeoutNanos, StreamHandler handler) {
        if (tls != null) {
            SslHandler ssl = tls.client(to, channel.alloc());
            ssl.setHandshakeTimeoutMillis(TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + 1);
            ssl.handshakeFuture().addListener(shaken -> noteProtocol(ssl, shaken.isSuccess()));
            channel.pipeline().addLast(ssl);
        }
        return new NettyStream(loop, channel, to.address(), handler, framing.streamHeader(self));
    }

    private void noteProtocol(SslHandler ssl, boolean success) {
        if (success) {
            protocol = Tls.protocol(ssl);
        }
    }

    @Override
    void accept(SocketChannel channel, InetSocketAddress from, TransportListener listener) {
        new Incoming(channel, from, listener).begin();
    }

    @Override
    void closeMore() {
        noUpdates.run();
        if (packets != null) {
            packets.close();
        }
        List.copyOf(packetConnections).forEach(Incoming::close);
    }

    private void renew() {
        if (packets != null && !isClosing()) {
            packets.renew();
            // Whoever sends packets over them opens others, but not all together.
            packetConnections.forEach(each -> loop.schedule(loop.random().nextLong(RENEWAL_NANOS), () -> {
                if (packetConnections.contains(each)) {
                    each.close();
                }
            }));
        }
    }

    /** A connection that somebody has opened, until it turns out to be a stream. */
    private final class Incoming implements ConnectionReader.Receiver {
        private final SocketChannel channel;
        private final InetSocketAddress from;
        private final TransportListener listener;
        private final ConnectionReader reader = framing.reader(this);
        private @Nullable SslHandler ssl;
        private @Nullable InetSocketAddress trusted;
        private List<String> certified = List.of();
        private boolean useful;
        private boolean refused;
        private long holding;
        private long whole;
        private boolean watched;
        private EventLoop.Timer watch = () -> {};

        Incoming(SocketChannel channel, InetSocketAddress from, TransportListener listener) {
            this.channel = channel;
            this.from = from;
            this.listener = listener;
        }

        void begin() {
            packetConnections.add(this);
            channel.closeFuture().addListener(closed -> packetConnections.remove(this));
            try {
                channel.config().setTcpNoDelay(true).setKeepAlive(true);
                if (tls != null) {
                    ssl = tls.server(channel.alloc());
                    ssl.setHandshakeTimeoutMillis(options.patience().toMillis());
                    ssl.handshakeFuture().addListener(shaken -> shaken(shaken.cause()));
                    EndAfterHandshake.addTls(channel, ssl);
                }
            } catch (RuntimeException e) {
                listener.dropped(from, TransportDrop.NOT_TRUSTED, 1, Failures.reason(e));
                refuse(channel);
                return;
            }
            channel.pipeline().addLast(reader, new Faults());
            EventLoop.Timer patience = loop.schedule(options.patience().toNanos(), this::endIfUseless);
            channel.closeFuture().addListener(closed -> {
                patience.cancel();
                watch.cancel();
            });
            loop.netty().register(channel);
        }

        private void shaken(@Nullable Throwable failure) {
            if (failure == null) {
                noteProtocol(Objects.requireNonNull(ssl), true);
                certified = Tls.addresses(ssl);
            } else if (Tls.isDistrust(failure)) {
                refused(TransportDrop.NOT_TRUSTED, Tls.reason(failure));
            } else {
                close();
            }
        }

        private void endIfUseless() {
            if (!useful) {
                close();
            }
        }

        void close() {
            reader.end();
            channel.close();
        }

        @Override
        public boolean hold(long bytes) {
            if (!held.tryAcquire(from.getAddress(), bytes)) {
                return false;
            }
            if (holding == 0 && !watched) {
                watch(whole);
            }
            holding += bytes;
            return true;
        }

        /** Whoever begins a packet has to end it. */
        private void watch(long wholeThen) {
            watched = true;
            watch = loop.schedule(options.patience().toNanos(), () -> {
                watched = false;
                if (holding > 0 && whole == wholeThen) {
                    refused(TransportDrop.MALFORMED, "a packet was begun and did not end");
                } else if (holding > 0) {
                    watch(whole);
                }
            });
        }

        @Override
        public void release(long bytes) {
            holding -= bytes;
            held.release(from.getAddress(), bytes);
        }

        @Override
        public void packet(InetSocketAddress claimed, byte[] packet) {
            long receivedNanos = loop.nanoTime();
            useful = true;
            whole++;
            InetSocketAddress sender = trusted(claimed);
            if (sender != null && !isClosing()) {
                NettyEventLoop.runGuarded(() -> listener.packetReceived(sender, packet, receivedNanos));
            }
        }

        @Override
        public void stream(@Nullable InetSocketAddress claimed) {
            useful = true;
            packetConnections.remove(this);
            if (trusted(claimed == null ? from : claimed) == null) {
                return;
            }
            StreamHandler handler = isClosing() ? null : handler(listener, from);
            if (handler == null) {
                close();
                return;
            }
            NettyStream stream = new NettyStream(loop, channel, from, handler);
            track(channel, stream);
            stream.adopt();
            channel.pipeline().remove(Faults.class);
            channel.pipeline().remove(ConnectionReader.class);
        }

        /** {@return where the sender listens, if its certificate is valid for that; otherwise null, and the connection ends} */
        private @Nullable InetSocketAddress trusted(InetSocketAddress claimed) {
            if (claimed.equals(trusted)) {
                return trusted;
            }
            // A listener at all addresses says nothing about itself.
            InetSocketAddress sender = claimed.getAddress().isAnyLocalAddress()
                    ? new InetSocketAddress(from.getAddress(), claimed.getPort())
                    : claimed;
            if (tls != null
                    && tls.checksClaims()
                    && !certified.contains(sender.getAddress().getHostAddress())) {
                refused(
                        TransportDrop.NOT_TRUSTED,
                        "its certificate is not valid for "
                                + sender.getAddress().getHostAddress() + ", where it says that it is");
                return null;
            }
            trusted = sender;
            return sender;
        }

        @Override
        public void refused(TransportDrop reason, String detail) {
            if (!isClosing() && !refused) {
                listener.dropped(from, reason, 1, detail);
            }
            refused = true;
            close();
        }

        /** What goes wrong with the connection before it is a stream. */
        private final class Faults extends ChannelInboundHandlerAdapter {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                if (Tls.isDistrust(cause)) {
                    refused(TransportDrop.NOT_TRUSTED, Tls.reason(cause));
                } else {
                    close();
                }
            }
        }
    }
}
