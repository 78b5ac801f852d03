package io.memberlist.swim;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.ProtocolConfig;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's protocol, put together. To be made and used on the transport's event loop, except where a method says
 * that it may be read from anywhere; its futures complete on the loop.
 */
public final class SwimNode implements TransportListener {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final int QUEUE_WARNING = 128;

    private final Context context;
    private final LoopCalls calls;
    private final PendingAcks acks;
    private final Dissemination dissemination;
    private final Tombstones tombstones;
    private final Membership membership;
    private final AckPayload ackPayload;
    private final PingResponder responder;
    private final PacketSender packetSender;
    private final PacketReceiver packetReceiver;
    private final StreamClient streamClient;
    private final StreamServer streamServer;
    private final StateSync stateSync;
    private final Joiner joiner;
    private final Prober prober;
    private final Gossiper gossiper;
    private final Reconnector reconnector;
    private final PeriodicTask queueCheck;
    private CompletableFuture<Void> leaving = CompletableFuture.completedFuture(null);

    /**
     * @param advertised the address others shall use
     * @param switches which parts of Lifeguard are at work
     * @param counters the member's counters, which outlive this node where the member is restarted
     * @param callbacks runs the application's callbacks
     */
    public SwimNode(
            MemberlistConfig config,
            LifeguardSwitches switches,
            Counters counters,
            Transport transport,
            InetSocketAddress advertised,
            PacketCodec packets,
            StreamCodec streams,
            Executor callbacks) {
        String self = config.nodeName();
        Callbacks callbackQueue = new Callbacks(callbacks, self, config.limits().handoffQueueDepth(), counters);
        this.context = new Context(
                self,
                config,
                switches,
                transport.eventLoop(),
                new MemberTable(transport.eventLoop()),
                new LocalHealth(
                        switches.localHealthProbe() ? config.suspicion().awarenessMaxMultiplier() : 1,
                        this::localHealthChanged),
                counters,
                new ThrottledLog(transport.eventLoop(), counters, self),
                callbackQueue);
        this.calls = new LoopCalls(context.loop(), self);
        this.acks = new PendingAcks(context.loop());
        int maxGossip = config.network().udpBufferSize()
                - packets.overhead(true)
                - PacketCodec.COMPOUND_HEADER
                - PacketCodec.COMPOUND_ENTRY;
        requireRoom(initialAlive(config, advertised), maxGossip);
        this.dissemination = new Dissemination(context, maxGossip);
        this.packetSender = new PacketSender(context, transport, packets, dissemination);
        this.tombstones = new Tombstones(
                context.loop(), config.stateSync().reconnectTimeout().toNanos());
        this.membership = new Membership(
                context, dissemination, tombstones, packetSender::sendAlone, initialAlive(config, advertised));
        this.ackPayload = new AckPayload(context);
        this.responder = new PingResponder(context, packetSender, acks, ackPayload, advertised);
        this.packetReceiver = new PacketReceiver(context, packets, membership, responder, acks);
        StreamWork work = new StreamWork(context.loop(), streams, counters);
        this.streamClient = new StreamClient(context, transport, work);
        this.stateSync = new StateSync(context, membership, tombstones, streamClient);
        this.reconnector =
                new Reconnector(context, membership, tombstones, stateSync, streamClient, responder.source());
        this.streamServer = new StreamServer(context, work, stateSync, responder);
        this.joiner = new Joiner(context, transport, stateSync, defaultSeedPort(config, transport), reconnector::seed);
        this.prober = new Prober(context, membership, acks, packetSender, streamClient, responder.source());
        this.gossiper = new Gossiper(context, membership, dissemination, packetSender);
        this.queueCheck = new PeriodicTask(
                context.loop(), () -> config.gossip().queueCheckInterval().toNanos(), this::checkQueue);
    }

    private void localHealthChanged(int score) {
        EventDelegate delegate = context.config().delegates().event();
        if (delegate != null) {
            Member local = membership.local().record().view();
            // Not among the events that cancel each other out: at most a few come in a round of probes.
            context.callbacks().call(() -> delegate.memberEvent(new MemberEvent.LocalHealthChanged(local, score)));
        }
    }

    private static Alive initialAlive(MemberlistConfig config, InetSocketAddress advertised) {
        byte[] versions = {
            ProtocolConfig.MIN_VERSION,
            ProtocolConfig.MAX_VERSION,
            (byte) config.protocol().version(),
            (byte) config.protocol().delegateMin(),
            (byte) config.protocol().delegateMax(),
            (byte) config.protocol().delegateVersion()
        };
        return new Alive(
                1,
                config.nodeName(),
                advertised.getAddress().getAddress(),
                advertised.getPort(),
                config.meta(),
                versions);
    }

    private static int defaultSeedPort(MemberlistConfig config, Transport transport) {
        return config.network().bindPort() != 0
                ? config.network().bindPort()
                : transport.boundAddress().getPort();
    }

    /** Begins to probe, to gossip and to exchange state. */
    public void start() {
        context.extensions().start(new MemberContext(context, packetSender, streamClient, dissemination, calls));
        ackPayload.refresh();
        prober.start();
        gossiper.start();
        stateSync.start();
        reconnector.start();
        queueCheck.start();
    }

    /** Adds members to the table as alive, without gossip or events. For simulators. */
    public void preload(Collection<SwimNode> others) {
        for (SwimNode other : others) {
            if (other != this) {
                context.table().add(new MemberRecord(other.membership.me()));
            }
        }
        // The interval of the first exchange is that of a cluster of this size, not that of a member alone.
        stateSync.start();
    }

    private void checkQueue() {
        int waiting = dissemination.unbounded();
        if (waiting > Math.max(QUEUE_WARNING, 2 * context.table().size())) {
            log.warn("{}: broadcast queue depth: {}; news comes in faster than it goes out", context.self(), waiting);
        }
    }

    /** Stops everything; nothing is sent any more, and no timer is left. */
    public void stop() {
        context.extensions().stop();
        context.log().silence();
        prober.stop();
        gossiper.stop();
        stateSync.stop();
        reconnector.stop();
        queueCheck.stop();
        acks.clear();
        dissemination.clear();
        context.userMessages().stop();
        membership.stop();
    }

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
        packetReceiver.received(from, packet, receivedNanos);
    }

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        return streamServer.accept(from);
    }

    /** {@return what carries calls onto the loop} May be asked from anywhere. */
    public LoopCalls calls() {
        return calls;
    }

    /** {@return every member known, whatever its state} May be read from anywhere. */
    public Collection<Member> members() {
        return context.table().published();
    }

    /** {@return the members that are alive or suspected} May be read from anywhere. */
    public List<Member> liveMembers() {
        return context.table().publishedLive();
    }

    /** {@return how many members are alive or suspected} May be read from anywhere. */
    public int liveCount() {
        return context.table().live();
    }

    /** {@return the member of that name, or null} May be read from anywhere. */
    public @Nullable Member member(String name) {
        return context.table().published(name);
    }

    /** {@return Lifeguard's local health score} May be read from anywhere. */
    public int healthScore() {
        return context.health().score();
    }

    /** {@return what was counted} May be read from anywhere. */
    public Counters counters() {
        return context.counters();
    }

    /** {@return a number that has risen whenever what is known of members has changed} */
    public long revision() {
        return context.table().revision();
    }

    /** {@return how much this member holds} */
    public ResourceUsage resourceUsage() {
        return new ResourceUsage(
                context.table().size(), tombstones.size(), dissemination.size(), acks.size(), reconnector.size());
    }

    /** {@return how many broadcasts wait} May be read from anywhere. */
    public int queuedBroadcasts() {
        return dissemination.size();
    }

    /** {@return how many user messages wait for the application} May be read from anywhere. */
    public int queuedMessages() {
        return context.callbacks().waiting();
    }

    /** {@return whether this member has left and not joined again} */
    public boolean hasLeft() {
        return membership.local().left();
    }

    /** Exchanges state with seeds; a member that has left takes part again. Cancel the future to give up. */
    public CompletableFuture<JoinResult> join(Collection<String> seeds) {
        // A call with nothing but mistyped seeds does not bring the member back.
        boolean hopeful = seeds.isEmpty() || seeds.stream().anyMatch(joiner::canBeAsked);
        if (membership.local().left() && hopeful) {
            leaving.completeExceptionally(
                    new MemberlistException("the member joined again before the word that it leaves had gone out"));
            membership.local().rejoin();
        }
        return joiner.join(seeds);
    }

    /** Changes the metadata; completes when gossip has sent it as often as it will, or fails with a time-out. */
    public CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        Alive now = membership.me().toAlive();
        Alive next = new Alive(now.incarnation() + 1, now.node(), now.address(), now.port(), meta, now.versions());
        int length = MessageCodec.encode(next).length;
        if (length > dissemination.maxMessage()) {
            throw new MemberlistException(
                    "news of this member with " + meta.length + " bytes of metadata takes " + length
                            + " bytes and a packet has room for " + dissemination.maxMessage()
                            + ": shorten the metadata, or raise network.udpBufferSize at every member");
        }
        return whenGossiped(
                timeout,
                "the new metadata has not gone out to",
                gossiped -> membership.local().updateMeta(meta, gossiped));
    }

    /** Leaves; completes when gossip has sent that as often as it will, or fails with a time-out. A second call waits for the first. */
    public CompletableFuture<Void> leave(Duration timeout) {
        if (!membership.local().left()) {
            leaving = whenGossiped(
                    timeout, "the word that this member leaves has not gone out to", membership.local()::leave);
        }
        return leaving.copy();
    }

    /** Refuses settings with which the alive message of this member fits no packet. */
    private static void requireRoom(Alive alive, int room) {
        int length = MessageCodec.encode(alive).length;
        if (length > room) {
            throw new MemberlistException("news of this member, with " + alive.meta().length
                    + " bytes of metadata, takes up to " + length + " bytes, and a packet has room for " + room
                    + ": shorten metadata, name or label, or raise network.udpBufferSize at every member");
        }
    }

    private CompletableFuture<Void> whenGossiped(Duration timeout, String complaint, Consumer<Runnable> change) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        change.accept(() -> result.complete(null));
        if (!membership.hasOtherLiveMembers()) {
            result.complete(null);
        } else if (!timeout.isZero()) {
            var timer = context.loop()
                    .schedule(
                            timeout.toNanos(),
                            () -> result.completeExceptionally(
                                    new TimeoutException(complaint + " all its gossip targets within " + timeout)));
            result.whenComplete((done, failure) -> timer.cancel());
        }
        return result;
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
        byte[] encoded = MessageCodec.encode(new UserMessage(message));
        int max = packetSender.maxMessage();
        if (encoded.length > max) {
            throw new MemberlistException("a best-effort message of " + message.length
                    + " bytes does not fit a packet, which takes " + (max - 1)
                    + ": send it reliably, or raise network.udpBufferSize");
        }
        packetSender.sendUser(to, protocolMax, encoded, completion);
    }

    /**
     * Sends a user message over a stream.
     *
     * @param completion notified when the network has it
     * @throws MemberlistException if it is above the limit
     */
    public void sendStream(Recipient to, byte[] message, Completion<Void> completion) {
        streamClient.sendUser(to, message, completion);
    }

    /** Pings a member directly; completes with the round-trip time. */
    public CompletableFuture<Duration> ping(String name, InetSocketAddress address) {
        CompletableFuture<Duration> result = new CompletableFuture<>();
        long sequence = acks.nextSequence();
        long timeout = context.config().probe().timeout().toNanos();
        long sent = context.loop().nanoTime();
        acks.await(sequence, timeout, new PendingAcks.AckListener() {
            @Override
            public void acked(byte[] payload, long receivedNanos) {
                result.complete(Duration.ofNanos(Math.max(0, receivedNanos - sent)));
            }

            @Override
            public void timedOut() {
                result.completeExceptionally(
                        new TimeoutException("No response from node " + name + " at " + Addresses.text(address)
                                + " within " + context.config().probe().timeout()));
            }
        });
        packetSender.send(new Recipient(address, name), new Ping(sequence, name, responder.source()));
        return result;
    }
}
