package io.memberlist.spring;

import io.memberlist.Memberlist;
import io.memberlist.broadcast.Broadcast;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.metrics.MeasurementListener;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.transport.Recipient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * The member as a bean: stays the same object while the engine behind it is shut down and made anew, so that a lifecycle
 * that stops, and a checkpoint of the JVM, leaves no socket open, and beans that hold the member go on working after the
 * restart. The new engine is a new member of the same name, with the metadata last set and the same keyring; it has yet
 * to join.
 *
 * <p>The first engine exists when the bean does, so that a port in use fails the start. As a lifecycle, its phase is the
 * lowest: the network is there before everything else is started and until everything else has stopped. While it is
 * stopped, queries answer what was known last, and whatever needs the network fails.
 */
public final class RestartableMemberlist implements Memberlist, SmartLifecycle, SmartInitializingSingleton {
    private final UnaryOperator<Memberlist> reopen;
    private final Consumer<JoinResult> joined;
    private final RestartableMessaging messaging = new RestartableMessaging(this::engine);
    private final List<MeasurementListener> measurements = new ArrayList<>();
    private volatile Memberlist engine;

    /**
     * @param first the engine, running
     * @param reopen makes an engine to follow one that was shut down
     * @param joined told whenever seeds were reached and another member is known
     */
    public RestartableMemberlist(Memberlist first, UnaryOperator<Memberlist> reopen, Consumer<JoinResult> joined) {
        this.engine = first;
        this.reopen = reopen;
        this.joined = joined;
    }

    private Memberlist engine() {
        return engine;
    }

    /** A checkpoint that is taken before lifecycles start must find no socket either. */
    @Override
    public void afterSingletonsInstantiated() {
        String checkpoint = SpringProperties.getProperty(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME);
        if (DefaultLifecycleProcessor.ON_REFRESH_VALUE.equalsIgnoreCase(checkpoint)) {
            stop();
        }
    }

    /** Makes a new engine if the one there was is shut down. */
    @Override
    public synchronized void start() {
        if (!engine.isRunning()) {
            engine = reopen.apply(engine);
            messaging.subscribeAnew();
            measurements.forEach(engine::addMeasurementListener);
        }
    }

    /** Shuts the engine down and waits. */
    @Override
    public void stop() {
        close();
    }

    @Override
    public void stop(Runnable callback) {
        shutdown().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public boolean isRunning() {
        return engine.isRunning();
    }

    /** Below everything that might use the cluster. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    /** A paused application still answers probes, because it shall not be declared dead. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        Memberlist current = engine;
        CompletableFuture<JoinResult> result = current.join(seeds);
        // not a dependent future, whose cancelling would not give up
        result.thenAccept(reached -> {
            if (reached.count() > 0 && current.numMembers() > 1) {
                joined.accept(reached);
            }
        });
        return result;
    }

    @Override
    public List<Member> members() {
        return engine.members();
    }

    @Override
    public List<Member> allMembers() {
        return engine.allMembers();
    }

    @Override
    public Optional<Member> member(String name) {
        return engine.member(name);
    }

    @Override
    public Member localMember() {
        return engine.localMember();
    }

    @Override
    public int numMembers() {
        return engine.numMembers();
    }

    @Override
    public CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        return engine.updateMeta(meta, timeout);
    }

    @Override
    public CompletableFuture<Void> updateNode(Duration timeout) {
        return engine.updateNode(timeout);
    }

    @Override
    public CompletableFuture<Void> gossip(byte[] message) {
        return engine.gossip(message);
    }

    @Override
    public CompletableFuture<Void> queueBroadcast(Broadcast broadcast) {
        return engine.queueBroadcast(broadcast);
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(Recipient to, byte[] message) {
        return engine.sendBestEffort(to, message);
    }

    @Override
    public CompletableFuture<Void> sendBestEffort(Member to, byte[] message) {
        return engine.sendBestEffort(to, message);
    }

    @Override
    public CompletableFuture<Void> sendReliable(Recipient to, byte[] message) {
        return engine.sendReliable(to, message);
    }

    @Override
    public CompletableFuture<Void> sendReliable(Member to, byte[] message) {
        return engine.sendReliable(to, message);
    }

    @Override
    public CompletableFuture<Duration> ping(String name, InetSocketAddress address) {
        return engine.ping(name, address);
    }

    @Override
    public CompletableFuture<Void> leave(Duration timeout) {
        return engine.leave(timeout);
    }

    @Override
    public boolean hasLeft() {
        return engine.hasLeft();
    }

    @Override
    public int healthScore() {
        return engine.healthScore();
    }

    @Override
    public int protocolVersion() {
        return engine.protocolVersion();
    }

    @Override
    public MemberlistConfig config() {
        return engine.config();
    }

    @Override
    public MemberlistStatistics statistics() {
        return engine.statistics();
    }

    @Override
    public ClusterMessaging messaging() {
        return messaging;
    }

    @Override
    public synchronized void addMeasurementListener(MeasurementListener listener) {
        engine.addMeasurementListener(listener);
        measurements.add(listener);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return engine.shutdown();
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
