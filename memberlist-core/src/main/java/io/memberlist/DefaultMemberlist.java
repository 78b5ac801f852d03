package io.memberlist;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.config.ConfigRules;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.delegate.Delegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.MessagingNode;
import io.memberlist.metrics.MeasurementListener;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.swim.Counters;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind {@link Memberlist}: puts transport, codec and protocol together, carries calls onto the protocol's
 * loop and their outcomes off it.
 */
final class DefaultMemberlist implements Memberlist {
    private final MemberlistConfig config;
    private final Transport transport;
    private final EventLoop loop;
    private final SwimNode node;
    private final MessagingNode messaging;
    // In the order of the calls, so that shutdown ends them in that order.
    private final Set<CompletableFuture<?>> outstanding = Collections.synchronizedSet(new LinkedHashSet<>());
    private volatile @Nullable CompletableFuture<Void> shutdown;

    /** To be called on the loop, before the node starts. */
    DefaultMemberlist(MemberlistConfig config, Transport transport, SwimNode node) {
        this.config = config;
        this.transport = transport;
        this.loop = transport.eventLoop();
        this.node = node;
        this.messaging = new MessagingNode(new MessagingBridge(config, loop, node, this::onLoop), config);
        if (config.messaging().enabled()) {
            node.userMessageListener(MessagingBridge.listener(messaging));
        }
    }

    SwimNode node() {
        return node;
    }

    @Override
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        List<String> copy = List.copyOf(seeds);
        return onLoop(() -> node.join(copy));
    }

    @Override
    public List<Member> members() {
        return node.liveMembers();
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
        return node.liveCount();
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
        Delegate delegate = config.delegates().delegate();
        byte[] meta = delegate == null ? config.meta() : Launch.nodeMeta(delegate);
        return updateMeta(meta, timeout);
    }

    @Override
    public CompletableFuture<Void> gossip(byte[] message) {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        byte[] copy = message.clone();
        return onLoop(() -> {
            node.queueBroadcast(new GossipedMessage(copy, finished));
            return finished;
        });
    }

    @Override
    public CompletableFuture<Void> queueBroadcast(Broadcast broadcast) {
        return onLoop(() -> {
            node.queueBroadcast(broadcast);
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(Recipient to, byte[] message) {
        return sendPacket(to, 0, message);
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(Member to, byte[] message) {
        return sendPacket(recipient(to), to.versions().protocolMax(), message);
    }

    private CompletableFuture<Void> sendPacket(Recipient to, int protocolMax, byte[] message) {
        byte[] copy = message.clone();
        return completing(completion -> node.sendPacket(resolved(to), protocolMax, copy, completion));
    }

    @Override
    public CompletableFuture<Void> sendReliable(Recipient to, byte[] message) {
        byte[] copy = message.clone();
        return completing(completion -> node.sendStream(resolved(to), copy, completion));
    }

    @Override
    public CompletableFuture<Void> sendReliable(Member to, byte[] message) {
        return sendReliable(recipient(to), message);
    }

    static Recipient recipient(Member member) {
        return new Recipient(member.address(), member.name());
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
    public ClusterMessaging messaging() {
        return messaging.api();
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
                counted.streamBytesSent.sum(),
                counted.streamBytesReceived.sum(),
                counted.pushPulls.sum(),
                Duration.ofNanos(counted.pushPullNanos.sum()),
                counted.aliveMessages.sum(),
                counted.suspectMessages.sum(),
                counted.deadMessages.sum(),
                Duration.ofNanos(counted.probeNanos.sum()),
                counted.degradedProbes.sum(),
                counted.degradedSuspicions.sum(),
                node.queuedBroadcasts(),
                node.queuedMessages(),
                counted.drops());
    }

    @Override
    public void addMeasurementListener(MeasurementListener listener) {
        node.counters().addListener(listener);
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
            messaging.stop();
            node.stop();
            transport
                    .close()
                    .whenComplete((nothing, failure) -> loop.detach(() -> {
                        outstandingNow().forEach(future -> future.completeExceptionally(isShutDown()));
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

    private List<CompletableFuture<?>> outstandingNow() {
        synchronized (outstanding) {
            return List.copyOf(outstanding);
        }
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
                    result.completeExceptionally(Causes.unwrap(failure));
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

    private CompletableFuture<Void> completing(Consumer<Completion<Void>> action) {
        return onLoop(() -> {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            action.accept(Completion.of(sent, null));
            return sent;
        });
    }

    private static <T extends @Nullable Object> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> action) {
        try {
            return action.get();
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Recipient resolved(Recipient to) {
        resolved(to.address());
        return to;
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
    private record GossipedMessage(byte[] message, CompletableFuture<Void> done) implements UniqueBroadcast {
        @Override
        public void finished() {
            done.complete(null);
        }
    }
}
