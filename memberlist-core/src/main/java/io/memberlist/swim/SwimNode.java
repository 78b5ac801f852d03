package io.memberlist.swim;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberlistException;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Freshness;
import io.memberlist.wire.NonceSource;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.WireFormat;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member's protocol, put together. To be made and used on the transport's event loop, except where a method says
 * that it may be read from anywhere; its futures complete on the loop.
 */
public final class SwimNode {
    private static final int QUEUE_WARNING = 128;

    /** How long a leave waits for answers of members that a join has contacted. */
    private static final long LONGEST_WIND_UP_NANOS = 2_000_000_000L;

    private final Context context;
    private final LoopCalls calls;
    private final PacketSender packets;
    private final Dissemination dissemination;
    private final Membership membership;
    private final Pinger pinger;
    private final StreamClient streams;
    private final PacketReceiver receiver;
    private final StateSync stateSync;
    private final Joiner joiner;
    private final SeedWatch seedWatch;
    private final StateServer stateServer;
    private final AddressChange addressChange;
    private final ReachabilityCheck reachability;
    private final Prober prober;
    private final Reconnector reconnector;
    /** In the order in which they begin. */
    private final KeyUse keyUse;

    private final List<PeriodicTask> rounds;

    /**
     * What a member keeps when it is restarted.
     *
     * @param switches which parts of Lifeguard are at work
     * @param joined notified off the loop when seeds that are asked again lead to others
     */
    public record Lifelong(
            LifeguardSwitches switches,
            NonceSource nonces,
            Counters counters,
            Seeds seeds,
            Consumer<JoinResult> joined) {}

    /**
     * @param format how the cluster dresses its messages
     * @param advertised the address others shall use
     */
    public SwimNode(
            MemberlistConfig config,
            Lifelong lifelong,
            WireFormat format,
            Transport transport,
            InetSocketAddress advertised) {
        Labels labels = new Labels(dated(format, config, transport.eventLoop()), lifelong.nonces(), config.network());
        this.context = Context.of(config, lifelong.switches(), transport.eventLoop(), advertised, lifelong.counters());
        this.calls = new LoopCalls(context.loop(), context.self());
        this.dissemination = new Dissemination(
                context,
                config.network().udpBufferSize()
                        - labels.overhead(Checksum.CRC32)
                        - PacketCodec.COMPOUND_HEADER
                        - PacketCodec.COMPOUND_ENTRY);
        this.packets = new PacketSender(context, transport, labels, dissemination);
        this.pinger = new Pinger(context, packets);
        StreamWork work = new StreamWork(context.loop(), context.counters());
        this.streams = new StreamClient(context, transport, work, labels, this::streamFailed);
        this.reachability = new ReachabilityCheck(context, pinger, streams);
        this.membership = new Membership(
                context,
                dissemination,
                packets::sendAlone,
                new DirectPresenceCheck(context, pinger, streams),
                this::exchangeState);
        StateCollector collector = new StateCollector(context);
        this.stateSync = new StateSync(context, membership, streams, collector);
        this.stateServer = new StateServer(context, membership, collector, stateSync);
        StreamServer streamServer = new StreamServer(context, work, labels, stateServer, pinger);
        Rejoin rejoin = new Rejoin(context, stateSync, streams, pinger);
        UnknownPinger unknownPinger = new UnknownPinger(context, membership.local(), rejoin, lifelong.seeds());
        this.receiver = new PacketReceiver(context, labels, membership, pinger, unknownPinger, streamServer);
        this.reconnector = new Reconnector(context, membership, rejoin);
        this.joiner = new Joiner(context, transport, stateSync, membership.local());
        this.seedWatch = new SeedWatch(
                context,
                membership.local(),
                joiner,
                rejoin,
                lifelong.seeds(),
                result -> context.loop().detach(() -> lifelong.joined().accept(result)));
        this.addressChange =
                new AddressChange(context, membership.local(), dissemination, packets::sendAlone, stateSync);
        this.prober = new Prober(context, membership, packets, streams, reachability);
        this.keyUse = new KeyUse(config.encryption().keyring(), context.table()::live, context.log(), KeyUse.WORN);
        PeriodicTask gossip = new Gossiper(context, membership.me(), dissemination, packets).rounds;
        context.table().whenNoLongerAlone(() -> {
            prober.rounds.wake();
            gossip.wake();
            stateSync.noLongerAlone();
        });
        context.table().whenChanged(seedWatch.rounds::wake);
        membership.whenToldOfNewcomer(stateSync::toldOfNewcomer);
        this.rounds = List.of(
                prober.rounds,
                gossip,
                stateSync.rounds,
                reconnector.rounds,
                seedWatch.rounds,
                new PeriodicTask(
                        context.loop(),
                        () -> config.gossip().queueCheckInterval().toNanos(),
                        this::check));
    }

    private static WireFormat dated(WireFormat format, MemberlistConfig config, EventLoop loop) {
        Duration maxAge = config.encryption().maxMessageAge();
        return maxAge.isZero() ? format : format.withFreshness(new Freshness(loop::wallClock, maxAge));
    }

    private void streamFailed(Recipient to) {
        reachability.streamFailed(to);
    }

    private void exchangeState(Recipient with, Completion<Void> completion) {
        stateSync.exchange(with, List.of(), completion);
    }

    private void check() {
        checkQueue();
        keyUse.check();
    }

    private void checkQueue() {
        int waiting = dissemination.unbounded();
        if (waiting > Math.max(QUEUE_WARNING, 2 * context.table().size())) {
            context.log().logSelf(LogEvent.QUEUE_DEPTH, waiting);
        }
    }

    /** Begins to probe, to gossip and to exchange state. */
    public void start() {
        context.extensions().start(new MemberContext(context, packets, streams, dissemination, calls));
        pinger.start();
        rounds.forEach(PeriodicTask::start);
    }

    /** Adds members to the table as alive, without gossip or events. For simulators. */
    public void preload(Collection<SwimNode> others) {
        for (SwimNode other : others) {
            if (other != this) {
                context.table().add(new MemberRecord(other.membership.me()));
            }
        }
        // The interval of the first exchange is that of a cluster of this size, not that of a member alone.
        stateSync.rounds.start();
    }

    /** Stops everything; nothing is sent any more, and no timer is left. */
    public void stop() {
        context.extensions().stop();
        context.log().silence();
        rounds.forEach(PeriodicTask::stop);
        prober.stop();
        addressChange.stop();
        reachability.stop();
        stateSync.stop();
        stateServer.stop();
        context.acks().clear();
        dissemination.clear();
        context.userMessages().stop();
        membership.stop();
    }

    /** {@return what the transport is to notify of packets and streams} */
    public TransportListener listener() {
        return receiver;
    }

    /** {@return what carries calls onto the loop} May be asked from anywhere. */
    public LoopCalls calls() {
        return calls;
    }

    /** {@return every member known} Its public methods may be called from anywhere. */
    public MemberTable table() {
        return context.table();
    }

    /** {@return what was counted} May be read from anywhere. */
    public Counters counters() {
        return context.counters();
    }

    /** {@return Lifeguard's local health score} May be read from anywhere. */
    public int healthScore() {
        return context.health().score();
    }

    /** {@return the members that can be reached in one of two ways only} May be read from anywhere. */
    public List<PartlyReachable> partlyReachable() {
        return reachability.partlyReachable();
    }

    /** {@return the members that fail and come back again and again} May be read from anywhere. */
    public List<DegradedMember> degradedMembers() {
        return membership.flapping().degraded();
    }

    /** {@return the time until a suspected member is declared dead, empty if it is not suspected} */
    public OptionalLong suspicionNanosLeft(String member) {
        MemberRecord record = context.table().get(member);
        Suspicion suspicion = record == null ? null : record.suspicion();
        return suspicion == null
                ? OptionalLong.empty()
                : OptionalLong.of(suspicion.deadlineNanos() - context.loop().nanoTime());
    }

    /** {@return how much this member holds} */
    public ResourceUsage resourceUsage() {
        return new ResourceUsage(
                context.table().size(),
                context.tombstones().size(),
                dissemination.size(),
                context.acks().size(),
                reconnector.size());
    }

    /** {@return who has this member's name, or null where nobody else is known to have it} May be read from anywhere. */
    public @Nullable NameConflict nameConflict() {
        return membership.dispute().conflict();
    }

    /** {@return how many broadcasts wait} May be read from anywhere. */
    public int queuedBroadcasts() {
        return dissemination.size();
    }

    /** {@return how many user messages wait for the application} May be read from anywhere. */
    public int queuedMessages() {
        return context.callbacks().waiting();
    }

    /**
     * Exchanges state with seeds, and remembers them; a member that has left takes part again. Cancel the future to give
     * up.
     */
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        JoinAttempt attempt = joiner.join(seeds);
        seedWatch.watch(attempt);
        return attempt.result();
    }

    /** Changes the metadata; completes when gossip has sent it as often as it will, or fails with a time-out. */
    public CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        return membership.local().updateMeta(meta, timeout);
    }

    /**
     * Leaves, and forgets the seeds; completes when gossip has sent that as often as it will, or fails with a time-out. A
     * second call waits for the first.
     */
    public CompletableFuture<Void> leave(Duration timeout) {
        membership.dispute().leave();
        seedWatch.forget();
        if (!joiner.isBusy()) {
            return membership.local().leave(timeout);
        }
        long begun = context.loop().nanoTime();
        long half = timeout.isZero() ? context.streamTimeoutNanos() : timeout.toNanos() / 2;
        return joiner.windUp(Math.min(LONGEST_WIND_UP_NANOS, half)).thenCompose(done -> {
            Duration left = timeout.minusNanos(context.loop().nanoTime() - begun);
            return membership.local().leave(timeout.isZero() ? timeout : left);
        });
    }

    /** Advertises another address from now on, because the machine has lost the one before. */
    public void moveTo(InetSocketAddress address) {
        addressChange.moveTo(address);
    }

    /** Sets what is notified, on the loop, of the addresses that a seed was found to stand for, before they are contacted. */
    public void seedListener(Consumer<List<InetSocketAddress>> listener) {
        membership.local().seedListener(listener);
    }

    /** {@return whether a seed was found on another machine} May be asked from anywhere. */
    public boolean soughtElsewhere() {
        return membership.local().soughtElsewhere();
    }

    /** {@return why no packet arrives here, and what to do, where that is so} May be asked from anywhere. */
    public Optional<String> arrivalProblem() {
        return reachability.arrivalProblem();
    }

    /** {@return the seeds without a live member} May be asked from anywhere. */
    public List<MissingSeed> missingSeeds() {
        return seedWatch.missingSeeds();
    }

    /** Queues a broadcast of the application for gossip. */
    public void queueBroadcast(Broadcast broadcast) {
        dissemination.queueUser(broadcast);
    }

    /**
     * Sends a user message in a packet.
     *
     * @param protocolMax the highest protocol version that the receiver is known to understand; 0 where it is not known
     * @throws MemberlistException if no packet can carry it
     */
    public void sendPacket(Recipient to, int protocolMax, byte[] message, Completion<Void> completion) {
        packets.sendUser(to, protocolMax, message, completion);
    }

    /**
     * Sends a user message over a stream.
     *
     * @param completion notified when the network has it
     * @throws MemberlistException if it is above the limit
     */
    public void sendStream(Recipient to, byte[] message, Completion<Void> completion) {
        streams.sendUser(to, message, completion);
    }

    /** Pings a member directly; completes with the round-trip time. */
    public CompletableFuture<Duration> ping(String name, InetSocketAddress address) {
        return pinger.ping(name, address);
    }
}
