package io.memberlist.swim;

import io.memberlist.config.ProtocolConfig;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.MessageCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** This member itself: the only one that may raise its incarnation, and say that it leaves. */
final class LocalMember {
    private static final int DIRECT_LEAVE_MESSAGES = 32;

    private final Context context;
    private final Dissemination dissemination;
    private final MemberChanges changes;
    private final BiConsumer<Recipient, Message> direct;
    private final MemberRecord record;
    private final FormerAddresses former;
    private final WakeUp wakeUp;
    private long announcedNanos;
    /** The last incarnation at which others declared this process dead, as far as it has heard. */
    private long lastDeath;

    private volatile boolean soughtElsewhere;
    private Consumer<List<InetSocketAddress>> seedListener = seeds -> {};
    private CompletableFuture<Void> leaving = CompletableFuture.completedFuture(null);

    /**
     * Starts with this member alone. Nothing is sent before it has joined another member.
     *
     * @param direct sends a message to one member, beside gossip
     * @throws MemberlistException if the alive message of this member fits no packet
     */
    LocalMember(
            Context context,
            Dissemination dissemination,
            MemberChanges changes,
            BiConsumer<Recipient, Message> direct) {
        this.context = context;
        this.dissemination = dissemination;
        this.changes = changes;
        this.direct = direct;
        Alive initial = firstAlive(context);
        int length = MessageCodec.encode(initial).length;
        if (length > dissemination.maxMessage()) {
            throw new MemberlistException("news of this member, with " + initial.meta().length
                    + " bytes of metadata, takes up to " + length + " bytes, and a packet has room for "
                    + dissemination.maxMessage()
                    + ": shorten metadata, name or label, or raise "
                    + context.config().settingName("network.udpBufferSize") + " at every member");
        }
        this.record = context.table().add(initial);
        this.former = new FormerAddresses(record);
        this.wakeUp = new WakeUp(context, this, direct);
        gossip(initial, () -> {});
        changes.notify(record, MemberEvent.Joined::new);
    }

    private static Alive firstAlive(Context context) {
        ProtocolConfig protocol = context.config().protocol();
        byte[] versions = {
            ProtocolConfig.MIN_VERSION,
            ProtocolConfig.MAX_VERSION,
            (byte) protocol.version(),
            (byte) protocol.delegateMin(),
            (byte) protocol.delegateMax(),
            (byte) protocol.delegateVersion()
        };
        return new Alive(
                1,
                context.self(),
                context.source().address(),
                context.source().port(),
                context.config().meta(),
                versions);
    }

    MemberRecord record() {
        return record;
    }

    /** {@return whether this member has left and not joined again} */
    boolean left() {
        return record.state() == MemberState.LEFT;
    }

    /** {@return the addresses that this member advertised before} */
    FormerAddresses former() {
        return former;
    }

    /** Sets what is notified, on the loop, of the addresses that a seed was found to stand for, before they are contacted. */
    void seedListener(Consumer<List<InetSocketAddress>> listener) {
        seedListener = listener;
    }

    /** A seed was found to stand for addresses. Who is at another machine cannot reach a member that advertises loopback. */
    void seedsFound(List<InetSocketAddress> seeds) {
        seedListener.accept(seeds);
        if (soughtElsewhere || !record.address().getAddress().isLoopbackAddress()) {
            return;
        }
        seeds.stream()
                .filter(seed -> !seed.getAddress().isLoopbackAddress())
                .findFirst()
                .ifPresent(seed -> {
                    soughtElsewhere = true;
                    context.log().log(LogEvent.SEED_ELSEWHERE, Addresses.text(seed), Addresses.text(record.address()));
                });
    }

    /** {@return whether a seed was found on another machine} May be asked from any thread. */
    boolean soughtElsewhere() {
        return soughtElsewhere;
    }

    /**
     * Takes another address, and leaves an incarnation free, at which it announces that it leaves the former address. Only the
     * application is notified; {@link AddressChange} announces the address.
     *
     * @return the new incarnation
     */
    long moveTo(InetSocketAddress address) {
        former.addPresent();
        Alive next = new Alive(
                nextIncarnation() + 1,
                context.self(),
                address.getAddress().getAddress(),
                address.getPort(),
                record.meta(),
                record.versions());
        record.update(next);
        context.table().publish(record);
        context.ownSource().moveTo(address);
        if (!left()) {
            changes.notify(record, MemberEvent.Updated::new);
        }
        return record.incarnation();
    }

    /**
     * {@return the entries of a push/pull that correct its sender, if that knows this member at a former address; otherwise
     * none}
     */
    List<PushPullNode> corrections(List<PushPullNode> remote) {
        for (PushPullNode node : remote) {
            // At an incarnation that this member has not come to yet, somebody else speaks, and is refuted.
            if (former.isOutdated(node) && node.incarnation() < record.incarnation() && !left()) {
                // A peer that is never content must not drive this member to its last incarnation.
                if (record.incarnation() < FormerAddresses.neededFor(node)
                        && !MessageFilter.leavesNoRoom(record.incarnation())) {
                    record.raiseIncarnation(nextIncarnation());
                    context.table().publish(record);
                    gossip(record.toAlive(), () -> {});
                }
                return former.corrections(node);
            }
        }
        return List.of();
    }

    /**
     * Changes the metadata; completes when gossip has sent it as often as it will, or fails with a {@link
     * TimeoutException}.
     *
     * @throws MemberlistException if this member has left, or if no packet has room for the metadata
     */
    CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout) {
        int length = MessageCodec.encode(record.toAlive(record.incarnation() + 1, meta)).length;
        if (length > dissemination.maxMessage()) {
            throw new MemberlistException(
                    "news of this member with " + meta.length + " bytes of metadata takes " + length
                            + " bytes and a packet has room for " + dissemination.maxMessage()
                            + ": shorten the metadata, or raise "
                            + context.config().settingName("network.udpBufferSize") + " at every member");
        }
        if (left()) {
            throw new MemberlistException("'" + context.self()
                    + "' has left the cluster, so its metadata interests nobody: join again first");
        }
        CompletableFuture<Void> gossiped = new CompletableFuture<>();
        announce(meta, gossiped);
        changes.notify(record, MemberEvent.Updated::new);
        return within(timeout, gossiped, "the new metadata has not gone out to");
    }

    /**
     * Gossips that this member leaves. Others see it as left then, not as failed. Completes when gossip has sent that as
     * often as it will, or fails with a {@link TimeoutException}. A second call waits for the first.
     */
    CompletableFuture<Void> leave(Duration timeout) {
        if (!left()) {
            int others = context.table().live() - 1;
            context.log().logSelf(LogEvent.LEAVING, others + 1);
            if (record.incarnation() > MessageFilter.LAST_LEAVE) {
                context.log().logSelf(LogEvent.LEAVE_UNHEARD, record.incarnation());
            }
            CompletableFuture<Void> gossiped = new CompletableFuture<>();
            Dead leaveMessage = new Dead(record.incarnation(), context.self(), context.self());
            dissemination.queue(context.self(), leaveMessage, () -> gossiped.complete(null));
            int told = tellDirectly(leaveMessage);
            changes.apply(record, MemberChanges.Transition.LEAVE);
            leaving = within(timeout, gossiped, "the word that this member leaves has not gone out to");
            gossiped.thenRun(() -> context.log().logSelf(LogEvent.LEFT_CLUSTER, told, others));
        }
        return leaving.copy();
    }

    /**
     * Sends the news that this member leaves to some members beside gossip. In a small cluster gossip sends a message only a few
     * times, and where several members stop together, all of it may go to members that stop too.
     *
     * @return how many members it was sent to
     */
    private int tellDirectly(Dead leaveMessage) {
        List<MemberRecord> others = context.table()
                .random(
                        DIRECT_LEAVE_MESSAGES,
                        known -> known != record && known.state().isLive());
        others.forEach(other -> direct.accept(other.recipient(), leaveMessage));
        return others.size();
    }

    /** Completes the future where nobody is there to hear of it, and fails it when the time is up; zero is no limit. */
    private CompletableFuture<Void> within(Duration timeout, CompletableFuture<Void> gossiped, String complaint) {
        boolean alone = context.table().live() <= (record.state().isLive() ? 1 : 0);
        if (alone) {
            gossiped.complete(null);
        } else if (!timeout.isZero()) {
            String late = complaint + " all its gossip targets within " + timeout.toMillis() + " ms";
            var timer = context.loop()
                    .schedule(timeout.toNanos(), () -> gossiped.completeExceptionally(new TimeoutException(late)));
            gossiped.whenComplete((done, failure) -> timer.cancel());
        }
        return gossiped;
    }

    /** Gossips again that this member has left, at the incarnation at which a message claims that it is alive. */
    void repeatLeave(long incarnation) {
        record.raiseIncarnation(incarnation);
        context.table().publish(record);
        dissemination.queue(context.self(), new Dead(incarnation, context.self(), context.self()));
    }

    /** Takes part again after {@link #leave}; does nothing if this member has not left. */
    void rejoin() {
        if (left()) {
            leaving.completeExceptionally(
                    new MemberlistException("the member joined again before the word that it leaves had gone out"));
            announce(record.meta(), new CompletableFuture<>());
            changes.apply(record, MemberChanges.Transition.JOIN);
        }
    }

    /**
     * {@return whether an alive message about this member must be refuted} The message repeats what this member sent, or
     * what a former process of the same name sent. The second must be refuted, or the cluster would go on believing it; it
     * may have the same incarnation with other contents.
     */
    boolean mustRefute(Alive alive) {
        if (alive.incarnation() != record.incarnation()) {
            return alive.incarnation() > record.incarnation();
        }
        return !Arrays.equals(alive.meta(), record.meta()) || !Arrays.equals(alive.versions(), record.versions());
    }

    /**
     * Refutes a message about this member with a higher incarnation, unless it has left. That others suspect this member is
     * a sign that it is slow, so its local health gets worse (Lifeguard).
     *
     * @param claimed the incarnation of the message
     * @param event what to log of a message about this process
     * @param from who sent the message
     */
    void refute(long claimed, LogEvent event, String from) {
        if (left()) {
            return;
        }
        // This process never had a higher incarnation: the message is about one that had its name before.
        boolean former = claimed > record.incarnation() || event == LogEvent.FORMER_SELF_REFUTED;
        record.raiseIncarnation(Math.max(record.incarnation(), claimed) + 1);
        context.table().publish(record);
        context.health().apply(1);
        gossip(record.toAlive(), () -> {});
        wakeUp.refuted();
        if (former) {
            context.log().logSelf(LogEvent.FORMER_SELF_REFUTED, record.incarnation());
        } else {
            context.log().log(event, from, record.incarnation());
        }
    }

    /**
     * Notifies the application, once, that others declared this member dead, also where this member has refuted already: one
     * that wakes from a pause most often hears first that it is suspected. A death that is too early to be that of this process
     * is that of a former one.
     *
     * @param incarnation the one at which it was declared dead
     * @param from who says so
     */
    void declaredDead(long incarnation, String from) {
        boolean canBeThisProcess = incarnation <= record.incarnation()
                && context.table().sinceMetOthersNanos()
                        >= context.config().probe().interval().toNanos();
        if (left() || !canBeThisProcess || incarnation <= lastDeath) {
            return;
        }
        lastDeath = incarnation;
        if (incarnation < record.incarnation()) {
            context.log().log(LogEvent.DEAD_REFUTED, from, record.incarnation());
        }
        EventDelegate delegate = context.config().delegates().event();
        if (delegate != null) {
            context.callbacks().event(delegate, new MemberEvent.LocalDeclaredDead(record.view(), from));
        }
    }

    /**
     * Raises the incarnation above that of another process of the same name, so that this member's news counts when that
     * process has ended. No sign that this member is slow, unlike {@link #refute}.
     */
    void outbid(long incarnation) {
        if (!left() && incarnation >= record.incarnation()) {
            record.raiseIncarnation(incarnation + 1);
            context.table().publish(record);
            gossip(record.toAlive(), () -> {});
        }
    }

    /**
     * A message accuses this member that it has refuted already. Who sent it may not know, since the refutation may be lost, so
     * it is gossiped again: at most once in a probe interval, since old accusations go on for a while after each refutation.
     */
    void accusedAgain() {
        long pauseNanos = context.config().probe().interval().toNanos();
        if (!left() && context.loop().nanoTime() - announcedNanos >= pauseNanos) {
            gossip(record.toAlive(), () -> {});
        }
    }

    private void gossip(Alive news, Runnable finished) {
        announcedNanos = context.loop().nanoTime();
        dissemination.queue(context.self(), news, finished);
    }

    private void announce(byte[] meta, CompletableFuture<Void> gossiped) {
        Alive next = record.toAlive(nextIncarnation(), meta);
        record.update(next);
        context.table().publish(record);
        gossip(next, () -> gossiped.complete(null));
    }

    private long nextIncarnation() {
        if (record.incarnation() >= MessageFilter.LAST_INCARNATION) {
            throw new MemberlistException("the incarnation of '" + context.self()
                    + "' has come to its end, which takes an attacker or four thousand million refutations: restart it"
                    + " under another name");
        }
        return record.incarnation() + 1;
    }
}
