package io.memberlist;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.config.ConfigRules;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.Delegate;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberlistException;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.metrics.MeasurementListener;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.swim.Counters;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind {@link Memberlist}: the application's view of a member, over one {@link Life} after another. What
 * survives a life is here: counters, listeners, and the way in which lives begin.
 */
final class DefaultMemberlist implements Memberlist {
    private final Launch launch;
    private final JoinListeners joinListeners;
    private volatile Life life;
    private @Nullable CompletableFuture<Void> restart;

    /** @param first the life that has just begun */
    DefaultMemberlist(Launch launch, JoinListeners joinListeners, Life first) {
        this.launch = launch;
        this.joinListeners = joinListeners;
        this.life = first;
    }

    SwimNode node() {
        return life.node();
    }

    @Override
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        List<String> copy = List.copyOf(seeds);
        Life current = life;
        return current.calls().onLoop(() -> current.node().join(copy));
    }

    @Override
    public List<Member> members() {
        return node().table().publishedLive();
    }

    @Override
    public List<Member> allMembers() {
        return node().table().published();
    }

    @Override
    public Optional<Member> member(String name) {
        return Optional.ofNullable(node().table().published(name));
    }

    @Override
    public Member localMember() {
        Life current = life;
        return Objects.requireNonNull(
                current.node().table().published(current.config().nodeName()), "the local member is always known");
    }

    @Override
    public Optional<NameConflict> nameConflict() {
        return Optional.ofNullable(node().nameConflict());
    }

    @Override
    public int numMembers() {
        return node().table().live();
    }

    @Override
    public boolean hasMetOthers() {
        return node().table().hasMetOthers();
    }

    @Override
    public List<MissingSeed> missingSeeds() {
        return node().missingSeeds();
    }

    @Override
    public CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        ConfigRules.meta(meta);
        ConfigRules.notNegative("timeout", timeout);
        byte[] copy = meta.clone();
        return onLoop(node -> node.updateMeta(copy, timeout));
    }

    @Override
    public CompletableFuture<Void> updateTags(UnaryOperator<Map<String, String>> change, Duration timeout) {
        Objects.requireNonNull(change, "change");
        ConfigRules.notNegative("timeout", timeout);
        return onLoop(node -> {
            Member local = localMember();
            if (local.meta().length > 0 && local.tags().isEmpty()) {
                throw new MemberlistException("the metadata of '" + local.name()
                        + "' is not made of tags: change it by updateMeta, or start the member with tags instead");
            }
            return node.updateMeta(MemberTags.encode(change.apply(new TreeMap<>(local.tags()))), timeout);
        });
    }

    @Override
    public CompletableFuture<Void> updateNode(Duration timeout) {
        MemberlistConfig config = config();
        Delegate delegate = config.delegates().delegate();
        byte[] meta = delegate == null ? config.meta() : Launch.nodeMeta(delegate);
        return updateMeta(meta, timeout);
    }

    @Override
    public CompletableFuture<Void> gossip(byte[] message) {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        byte[] copy = message.clone();
        return onLoop(node -> {
            node.queueBroadcast(new GossipedMessage(copy, finished));
            return finished;
        });
    }

    @Override
    public CompletableFuture<Void> queueBroadcast(Broadcast broadcast) {
        return onLoop(node -> {
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
        return completing((node, completion) -> node.sendPacket(resolved(to), protocolMax, copy, completion));
    }

    @Override
    public CompletableFuture<Void> sendReliable(Recipient to, byte[] message) {
        byte[] copy = message.clone();
        return completing((node, completion) -> node.sendStream(resolved(to), copy, completion));
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
        return onLoop(node -> node.ping(name, resolved(address)));
    }

    @Override
    public CompletableFuture<Void> leave(Duration timeout) {
        ConfigRules.notNegative("timeout", timeout);
        return onLoop(node -> node.leave(timeout));
    }

    @Override
    public boolean hasLeft() {
        return localMember().state() == MemberState.LEFT;
    }

    @Override
    public boolean isRunning() {
        return life.isRunning();
    }

    @Override
    public Optional<String> addressProblem() {
        return life.addressWatch().problem();
    }

    @Override
    public String transport() {
        return life.transport().type();
    }

    @Override
    public Optional<TransportSecurity> transportSecurity() {
        return Optional.ofNullable(life.transport().security());
    }

    @Override
    public int healthScore() {
        return node().healthScore();
    }

    @Override
    public List<PartlyReachable> partlyReachable() {
        return node().partlyReachable();
    }

    @Override
    public List<DegradedMember> degradedMembers() {
        return node().degradedMembers();
    }

    @Override
    public int installedKeys() {
        Keyring keyring = config().encryption().keyring();
        return keyring == null ? 0 : keyring.keys().size();
    }

    @Override
    public long encryptedMessages() {
        Keyring keyring = config().encryption().keyring();
        return keyring == null ? 0 : keyring.encryptedMessages();
    }

    @Override
    public MemberlistConfig config() {
        return life.config();
    }

    @Override
    public MemberlistStatistics statistics() {
        SwimNode node = node();
        Counters counted = node.counters();
        return new MemberlistStatistics(
                counted.packetsSent.sum(),
                counted.packetsReceived.sum(),
                counted.bytesSent.sum(),
                counted.bytesReceived.sum(),
                counted.streamsOpened.sum(),
                counted.streamsAccepted.sum(),
                counted.streamsFailed.sum(),
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
        node().counters().addListener(listener);
    }

    @Override
    public void addJoinListener(Consumer<JoinResult> listener) {
        joinListeners.add(listener);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> begun = restartUnderWay();
        return begun == null
                ? life.shutdown()
                : begun.handle((restarted, failure) -> life.shutdown()).thenCompose(closed -> closed);
    }

    private synchronized @Nullable CompletableFuture<Void> restartUnderWay() {
        return restart;
    }

    @Override
    public CompletableFuture<Void> restart() {
        // others know it at the port it had, also where the system had picked that one
        return restart(asItWas(), life.boundPort());
    }

    @Override
    public CompletableFuture<Void> restart(UnaryOperator<MemberlistConfigBuilder> change) {
        MemberlistConfig config = change.apply(asItWas().toBuilder()).build();
        return restart(config, config.network().bindPort());
    }

    /** {@return the configuration with the metadata last set, unless a delegate says what that is} */
    private MemberlistConfig asItWas() {
        MemberlistConfig config = config();
        return config.delegates().delegate() != null
                ? config
                : config.toBuilder().meta(localMember().meta()).build();
    }

    private synchronized CompletableFuture<Void> restart(MemberlistConfig config, int port) {
        Life previous = life;
        if (restart != null || previous.isRunning()) {
            return CompletableFuture.failedFuture(new MemberlistException(
                    "member '" + previous.config().nodeName() + "' is running or being restarted: shut it down first"));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        restart = done;
        // a shutdown that failed left nothing open that could be closed by waiting
        previous.shutdown()
                .handle((closed, failure) -> launch.begin(config, port))
                .thenCompose(next -> next)
                .whenComplete((next, failure) -> {
                    synchronized (this) {
                        life = failure == null ? next : previous;
                        restart = null;
                    }
                    Completion.of(done, null).done(null, failure == null ? null : Causes.unwrap(failure));
                });
        return done;
    }

    @Override
    public String toString() {
        return "Memberlist[" + localMember() + "]";
    }

    private <T> CompletableFuture<T> onLoop(Function<SwimNode, CompletableFuture<T>> action) {
        Life current = life;
        return current.calls().onLoop(() -> action.apply(current.node()));
    }

    private CompletableFuture<Void> completing(BiConsumer<SwimNode, Completion<Void>> action) {
        return onLoop(node -> {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            action.accept(node, Completion.of(sent, null));
            return sent;
        });
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

    /** A broadcast that replaces no other. */
    private record GossipedMessage(byte[] message, CompletableFuture<Void> done) implements UniqueBroadcast {
        @Override
        public void finished() {
            done.complete(null);
        }
    }
}
