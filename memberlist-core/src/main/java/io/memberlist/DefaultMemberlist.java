package io.memberlist;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.delegate.Delegate;
import io.memberlist.swim.Counters;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind {@link Memberlist}: puts transport, codec and protocol together, carries calls onto the protocol's
 * loop and their outcomes off it.
 */
final class DefaultMemberlist implements Memberlist {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final int CHECKSUM_SINCE = 5;

    private final MemberlistConfig config;
    private final Transport transport;
    private final EventLoop loop;
    private final SwimNode node;
    private final Set<CompletableFuture<?>> outstanding = ConcurrentHashMap.newKeySet();
    private volatile @Nullable CompletableFuture<Void> shutdown;

    private DefaultMemberlist(MemberlistConfig config, Transport transport, SwimNode node) {
        this.config = config;
        this.transport = transport;
        this.loop = transport.eventLoop();
        this.node = node;
    }

    static CompletableFuture<Memberlist> start(MemberlistConfig given) {
        MemberlistConfig config = withDelegate(given);
        TransportFactory factory =
                config.transportFactory() != null ? config.transportFactory() : NettyTransportFactory.shared();
        CompletableFuture<Memberlist> started = new CompletableFuture<>();
        bindAddress(config)
                .thenCompose(factory::open)
                .thenCompose(transport -> AdvertisedAddress.find(config, transport)
                        .thenCompose(advertised -> launch(config, transport, advertised))
                        .whenComplete((member, failure) -> {
                            if (failure != null) {
                                transport.close();
                            }
                        }))
                .whenComplete((member, failure) -> {
                    if (failure == null) {
                        started.complete(member);
                    } else {
                        started.completeExceptionally(asMemberlistException(failure));
                    }
                });
        return started;
    }

    /** Puts the parts of a {@link Delegate} where no other delegate is given for them. */
    private static MemberlistConfig withDelegate(MemberlistConfig config) {
        Delegate delegate = config.delegate();
        if (delegate == null) {
            return config;
        }
        MemberlistConfigBuilder all = config.toBuilder().meta(nodeMeta(delegate));
        if (config.messageDelegate() == null) {
            all.messageDelegate(delegate);
        }
        if (config.stateDelegate() == null) {
            all.stateDelegate(delegate);
        }
        return all.build();
    }

    private static byte[] nodeMeta(Delegate delegate) {
        byte[] meta = delegate.nodeMeta(MemberlistConfig.META_MAX_SIZE);
        ConfigRules.meta(meta);
        return meta;
    }

    private static CompletableFuture<InetSocketAddress> bindAddress(MemberlistConfig config) {
        String host = config.bindAddress();
        Supplier<InetSocketAddress> lookUp = () -> {
            try {
                return new InetSocketAddress(InetAddress.getByName(host), config.bindPort());
            } catch (UnknownHostException e) {
                throw new InvalidSettingException(
                        "bindAddress",
                        "bindAddress '" + host
                                + "' is neither an IP address nor a host name that resolves: correct it, or use"
                                + " 0.0.0.0 for all addresses of this machine",
                        e);
            }
        };
        // Only a host name asks the network, and then not on the caller's time.
        boolean literal = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
        Executor where = literal ? Runnable::run : ForkJoinPool.commonPool();
        return CompletableFuture.supplyAsync(lookUp, where);
    }

    private static WireFormat wireFormat(MemberlistConfig config) {
        WireLimits limits = new WireLimits(
                config.maxUserStateSize(),
                config.maxUserMessageSize(),
                config.maxPushPullNodes(),
                config.maxDecompressedSize(),
                config.maxEncryptedFrameSize());
        // Members of protocol 1 know only the padded encryption.
        int encryptionVersion = config.protocolVersion() == 1 ? 0 : 1;
        return new WireFormat(
                config.compression(),
                encryptionVersion,
                config.label(),
                config.skipInboundLabelCheck(),
                config.keyring(),
                config.verifyIncoming(),
                config.verifyOutgoing(),
                limits);
    }

    private static void warnOfPublicPlaintext(MemberlistConfig config, InetSocketAddress advertised) {
        if (config.keyring() == null && AdvertisedAddress.isPublic(advertised.getAddress())) {
            log.warn(
                    "{}: Binding to public address without encryption! Anybody can read along and take part: set a key,"
                            + " or advertise a private address",
                    config.nodeName());
        }
    }

    private static CompletableFuture<Memberlist> launch(
            MemberlistConfig config, Transport transport, InetSocketAddress advertised) {
        EventLoop loop = transport.eventLoop();
        warnOfPublicPlaintext(config, advertised);
        WireFormat format = wireFormat(config);
        SecureRandom nonces = new SecureRandom();
        PacketCodec packets = new PacketCodec(format, nonces::nextBytes);
        StreamCodec streams = new StreamCodec(format, nonces::nextBytes);
        Executor callbacks = config.callbackExecutor() != null ? config.callbackExecutor() : loop::detach;
        CompletableFuture<Memberlist> launched = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                SwimNode node = new SwimNode(config, transport, advertised, packets, streams, callbacks);
                transport.start(node);
                node.start();
                Memberlist member = new DefaultMemberlist(config, transport, node);
                loop.detach(() -> launched.complete(member));
            } catch (RuntimeException e) {
                loop.detach(() -> launched.completeExceptionally(e));
            }
        });
        return launched;
    }

    private static MemberlistException asMemberlistException(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof MemberlistException known
                ? known
                : new MemberlistException(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        List<String> copy = List.copyOf(seeds);
        return onLoop(() -> node.join(copy));
    }

    @Override
    public List<Member> members() {
        List<Member> live = new ArrayList<>();
        for (Member member : node.members()) {
            if (member.state().isLive()) {
                live.add(member);
            }
        }
        return live;
    }

    @Override
    public List<Member> allMembers() {
        return List.copyOf(node.members());
    }

    @Override
    public Optional<Member> member(String name) {
        return Optional.ofNullable(node.member(name));
    }

    @Override
    public Member localMember() {
        return Objects.requireNonNull(node.member(config.nodeName()), "the local member is always known");
    }

    @Override
    public int numMembers() {
        int live = 0;
        for (Member member : node.members()) {
            if (member.state().isLive()) {
                live++;
            }
        }
        return live;
    }

    @Override
    public CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        ConfigRules.meta(meta);
        ConfigRules.notNegative("timeout", timeout);
        byte[] copy = meta.clone();
        return onLoop(() -> node.updateMeta(copy, timeout));
    }

    @Override
    public CompletableFuture<Void> updateNode(Duration timeout) {
        Delegate delegate = config.delegate();
        byte[] meta = delegate == null ? config.meta() : nodeMeta(delegate);
        return updateMeta(meta, timeout);
    }

    @Override
    public CompletableFuture<Void> broadcast(byte[] message) {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        byte[] copy = message.clone();
        return onLoop(() -> {
            node.broadcast(new OneBroadcast(copy, finished));
            return finished;
        });
    }

    @Override
    public CompletableFuture<Void> queueBroadcast(Broadcast broadcast) {
        return onLoop(() -> {
            node.broadcast(broadcast);
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(InetSocketAddress to, byte[] message) {
        return sendPacket(to, false, message);
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(Member to, byte[] message) {
        return sendPacket(to.address(), to.versions().protocolMax() >= CHECKSUM_SINCE, message);
    }

    private CompletableFuture<Void> sendPacket(InetSocketAddress to, boolean checksum, byte[] message) {
        byte[] copy = message.clone();
        return completing(completion -> node.sendPacket(resolved(to), checksum, copy, completion));
    }

    @Override
    public CompletableFuture<Void> sendReliable(InetSocketAddress to, byte[] message) {
        byte[] copy = message.clone();
        return completing(completion -> node.sendStream(resolved(to), copy, completion));
    }

    @Override
    public CompletableFuture<Void> sendReliable(Member to, byte[] message) {
        return sendReliable(to.address(), message);
    }

    @Override
    public CompletableFuture<Duration> ping(String name, InetSocketAddress address) {
        return onLoop(() -> node.ping(name, resolved(address)));
    }

    @Override
    public CompletableFuture<Void> leave(Duration timeout) {
        ConfigRules.notNegative("timeout", timeout);
        return onLoop(() -> node.leave(timeout));
    }

    @Override
    public boolean hasLeft() {
        return localMember().state() == MemberState.LEFT;
    }

    @Override
    public boolean isRunning() {
        return shutdown == null;
    }

    @Override
    public int healthScore() {
        return node.healthScore();
    }

    @Override
    public MemberlistConfig config() {
        return config;
    }

    @Override
    public MemberlistStatistics statistics() {
        Counters counted = node.counters();
        return new MemberlistStatistics(
                counted.packetsSent.sum(),
                counted.packetsReceived.sum(),
                counted.bytesSent.sum(),
                counted.bytesReceived.sum(),
                counted.streamsOpened.sum(),
                counted.streamsAccepted.sum(),
                counted.probes.sum(),
                counted.probesFailed.sum(),
                node.queuedBroadcasts(),
                counted.drops());
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done;
        synchronized (this) {
            if (shutdown != null) {
                return shutdown;
            }
            done = new CompletableFuture<>();
            shutdown = done;
        }
        loop.execute(() -> {
            node.stop();
            transport
                    .close()
                    .whenComplete((nothing, failure) -> loop.detach(() -> {
                        outstanding.forEach(future -> future.completeExceptionally(isShutDown()));
                        if (failure == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    }));
        });
        return done;
    }

    @Override
    public String toString() {
        return "Memberlist[" + localMember() + "]";
    }

    /** Runs an action on the loop; its outcome arrives off the loop, where the application may block. */
    private <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        outstanding.add(result);
        result.whenComplete((value, failure) -> outstanding.remove(result));
        if (shutdown != null) {
            result.completeExceptionally(isShutDown());
            return result;
        }
        loop.execute(() -> {
            if (shutdown != null || result.isDone()) {
                result.completeExceptionally(isShutDown());
                return;
            }
            CompletableFuture<T> inner = attempt(action);
            inner.whenComplete((value, failure) -> loop.detach(() -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(unwrapped(failure));
                }
            }));
            result.whenComplete((value, failure) -> {
                if (result.isCancelled()) {
                    inner.cancel(false);
                }
            });
        });
        return result;
    }

    private CompletableFuture<Void> completing(Consumer<Completion> action) {
        return onLoop(() -> {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            action.accept(failure -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
            return sent;
        });
    }

    private static <T extends @Nullable Object> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new MemberlistException("the address " + address.getHostString()
                    + " is not resolved: use new InetSocketAddress(host, port), and check the host name");
        }
        return address;
    }

    private MemberlistException isShutDown() {
        return new MemberlistException("member '" + config.nodeName() + "' was shut down: create a new one");
    }

    /** A broadcast that replaces no other. */
    private record OneBroadcast(byte[] message, CompletableFuture<Void> done) implements UniqueBroadcast {
        @Override
        public void finished() {
            done.complete(null);
        }
    }
}
