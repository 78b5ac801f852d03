package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what alive, suspect and dead messages do. {@link MessageFilter} says which messages count at all, {@link
 * MemberChanges.Transition} what a message does by the member's state, and {@link MemberChanges} does it. The rules are those of
 * SWIM as the Go library applies them.
 */
final class Membership {
    /** Each costs a walk through the table. */
    private static final int EVICTIONS_PER_SECOND = 20;

    /** About as many as a packet carries: enough where few join, little where many do. */
    private static final int MOST_NEWS_OF_A_NEWCOMER = 16;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Context context;
    private final Dissemination dissemination;
    private final MemberTable table;
    private final MessageFilter filter;
    private final MemberChanges changes;
    private final Flapping flapping;
    private final DeadNotifier deadNotifier;
    private final LocalMember local;
    private final NameClaims claims;
    private final NameDispute dispute;
    private final Newcomers newcomers;
    private final MemberRecord me;
    private final int maxMembers;
    private final RateLimit evictions;
    private boolean catchingUp;
    private Runnable toldOfNewcomer = () -> {};

    /**
     * Starts with this member alone.
     *
     * @param direct sends a message to one member, beside gossip
     * @param check asks whether a process still lives whose name another one claims
     * @param exchange begins a push/pull with a member, as a join
     */
    Membership(
            Context context,
            Dissemination dissemination,
            BiConsumer<Recipient, Message> direct,
            PresenceCheck check,
            BiConsumer<Recipient, Completion<Void>> exchange) {
        this.context = context;
        this.dissemination = dissemination;
        this.table = context.table();
        this.filter = new MessageFilter(context);
        this.changes = new MemberChanges(context, dissemination, direct);
        this.flapping = changes.flapping();
        this.deadNotifier = new DeadNotifier(context, direct);
        this.local = new LocalMember(context, dissemination, changes, direct);
        this.claims = new NameClaims(
                context,
                check,
                deadNotifier,
                holder -> suspectUnanswered(holder.name(), holder.incarnation()),
                this::replace);
        this.dispute = new NameDispute(context, local, check, exchange);
        this.newcomers = new Newcomers(context, check, new Admission(exchange));
        this.me = local.record();
        this.maxMembers = context.config().limits().maxMembers();
        this.evictions = new RateLimit(context.loop(), EVICTIONS_PER_SECOND, SECOND_NANOS);
    }

    /** {@return what this member does about others under its name} */
    NameDispute dispute() {
        return dispute;
    }

    /** {@return this member, and what only it may do} */
    LocalMember local() {
        return local;
    }

    MemberRecord me() {
        return me;
    }

    /**
     * Sets whether this member is a newcomer that has not caught up with the others; see {@link CatchUp}. Until then it does not gossip
     * those of whom it is told in an exchange, and only a few at a time of whom it hears in gossip. It does gossip those that join
     * through it, and those of another cluster that it joins.
     */
    void setCatchingUp(boolean catchingUp) {
        this.catchingUp = catchingUp;
    }

    /** Sets what is called after a member, or one that this member has asked, has told of one that was not known. */
    void whenToldOfNewcomer(Runnable action) {
        toldOfNewcomer = action;
    }

    boolean isCatchingUp() {
        return catchingUp;
    }

    /** Ends every suspicion; no member is declared dead any more. */
    void stop() {
        table.records().forEach(MemberRecord::clearSuspicion);
        claims.stop();
        dispute.stop();
        newcomers.stop();
        flapping.stop();
    }

    /** {@return which members fail and come back again and again} */
    Flapping flapping() {
        return flapping;
    }

    /**
     * A message says that a member is alive.
     *
     * @param teller who has sent it
     */
    void alive(Teller teller, Alive message) {
        alive(teller, message, !catchingUp || dissemination.aboutMembers() < MOST_NEWS_OF_A_NEWCOMER);
    }

    /**
     * A message, or the state of another member, says that a member is alive.
     *
     * @param teller who has sent it
     * @param isNews whether one that is new here may be new to others, so that it is gossiped
     */
    void alive(Teller teller, Alive message, boolean isNews) {
        if (message.node().equals(context.self()) && local.left()) {
            if (message.incarnation() > me.incarnation()
                    && !filter.cannotBeRefuted(message.incarnation(), message.node())) {
                // A lie, or a message of a former process: while it stands, others see a member that has gone.
                local.repeatLeave(message.incarnation());
            }
            return;
        }
        Alive alive = withPort(message);
        MemberRecord record = table.get(alive.node());
        if (record != null && record != me && record.knows(alive)) {
            return; // as most of what gossip and states say while a cluster forms
        }
        if (!filter.accepts(alive, record)) {
            return;
        }
        if (record != null && !record.isAt(alive.address(), alive.port())) {
            if (record != me) {
                claims.claimed(record, alive, teller.address());
            } else if (!local.former().contains(alive.address(), alive.port())) {
                context.counters().drop(DropReason.NAME_CONFLICT);
                dispute.claimed(alive);
            }
            // Otherwise somebody does not know yet that this member has moved.
        } else if (record == me) {
            if (local.mustRefute(alive) && !filter.cannotBeRefuted(alive.incarnation(), alive.node())) {
                local.refute(alive.incarnation(), LogEvent.FORMER_SELF_REFUTED, alive.node());
            }
        } else if (record == null && dispute.keepsOut()) {
            // Somebody tells this newcomer about members although it is none.
            return;
        } else if (alive.incarnation() > lastIncarnation(alive.node(), record)) {
            if (record != null) {
                claims.heardFrom(record);
            }
            if (record == null && newcomers.mustBeAsked(teller)) {
                newcomers.ask(alive, teller);
            } else if (record != null || hasRoom(alive.node())) {
                apply(record, alive, isNews);
                if (record == null && teller.vouches()) {
                    toldOfNewcomer.run();
                }
            }
        } else {
            notifyOfDeath(record, alive);
        }
    }

    /** Takes in newcomers that were asked. */
    private final class Admission implements Newcomers.Admission {
        private final BiConsumer<Recipient, Completion<Void>> exchange;

        Admission(BiConsumer<Recipient, Completion<Void>> exchange) {
            this.exchange = exchange;
        }

        @Override
        public void admit(Alive newcomer, boolean answered) {
            InetSocketAddress address = Addresses.of(newcomer);
            alive(Teller.asked(address), newcomer, true);
            MemberRecord record = table.get(newcomer.node());
            if (record == null || !record.address().equals(address)) {
                return;
            }
            if (answered) {
                record.hasAnswered();
            } else {
                record.doubt();
            }
        }

        @Override
        public void leave(Dead leave) {
            dead(leave);
        }

        @Override
        public void exchange(Recipient with) {
            exchange.accept(with, Completion.IGNORED);
        }
    }

    /**
     * {@return whether a newcomer can be taken in} Where too many are known, one that has never answered makes room for it, a
     * few times a second: anybody can announce as many members that do not exist.
     */
    private boolean hasRoom(String newcomer) {
        if (table.size() < maxMembers) {
            return true;
        }
        List<MemberRecord> ghosts =
                evictions.tryAcquire() ? table.random(1, record -> record != me && !record.everAnswered()) : List.of();
        String dropped = ghosts.isEmpty() ? newcomer : ghosts.get(0).name();
        context.droppedAbout(dropped, DropReason.TOO_MANY_MEMBERS, LogEvent.TOO_MANY_MEMBERS, dropped, maxMembers);
        for (MemberRecord ghost : ghosts) {
            if (ghost.state().isLive()) {
                changes.apply(ghost, MemberChanges.Transition.FAIL);
            }
            table.removeIf(record -> record == ghost);
            forgotten(ghost);
        }
        return !ghosts.isEmpty();
    }

    /** A member was removed; a tombstone keeps what was known of it. */
    private void forgotten(MemberRecord record) {
        context.tombstones().add(record);
        claims.forget(record.name());
    }

    private void apply(@Nullable MemberRecord record, Alive alive, boolean isNews) {
        PushPullNode tombstone = context.tombstones().get(alive.node());
        if (tombstone != null) {
            claims.replaced(tombstone, alive);
            context.tombstones().remove(alive.node());
        }
        changes.alive(record, alive, record != null || isNews);
    }

    /** The name of a member belongs to another process from now on. */
    private void replace(MemberRecord record, Alive alive) {
        if (record.state().isLive()) {
            changes.apply(record, MemberChanges.Transition.FAIL);
        }
        apply(record, alive, true);
    }

    /** {@return the incarnation that an alive message must exceed: the known one, or the one of the tombstone} */
    private long lastIncarnation(String name, @Nullable MemberRecord record) {
        if (record != null) {
            return record.incarnation();
        }
        PushPullNode tombstone = context.tombstones().get(name);
        return tombstone == null ? 0 : tombstone.incarnation();
    }

    /**
     * Notifies a member whose end is known here, and of which an alive message is not newer than that. Most often the
     * message is old. But the member may live, where everybody who knew of its end has restarted, and then it refutes.
     */
    private void notifyOfDeath(@Nullable MemberRecord record, Alive alive) {
        if (record != null && record.state().isLive()) {
            return;
        }
        PushPullNode end =
                record != null ? record.toPushPullNode() : context.tombstones().get(alive.node());
        if (end != null) {
            deadNotifier.notify(new Recipient(Addresses.of(alive), alive.node()), end);
        }
    }

    /** A member has sent a ping. One that is known here as dead or gone is notified, so that it can refute. */
    void pingReceivedFrom(Source source) {
        MemberRecord record = table.get(source.node());
        if (record == null) {
            pingReceivedFromForgotten(source);
            return;
        }
        if (record == me || !Addresses.valid(source.address(), source.port())) {
            return;
        }
        if (!record.isAt(source.address(), source.port())) {
            claims.pingReceived(record, source);
        } else if (!record.state().isLive() || claims.isClaimed(record.name())) {
            claims.heardFrom(record);
            if (!record.state().isLive()) {
                deadNotifier.notify(record.recipient(), record.toPushPullNode());
            }
        }
    }

    /** A member that wakes after long does not know that it was declared dead, and gossip reaches it no more. */
    private void pingReceivedFromForgotten(Source source) {
        PushPullNode end = context.tombstones().get(source.node());
        if (end != null && Arrays.equals(end.address(), source.address()) && end.port() == source.port()) {
            deadNotifier.notify(new Recipient(Addresses.of(end.address(), end.port()), end.name()), end);
        }
    }

    /** Removes members that have been dead or gone for long; a tombstone keeps what was known of each. */
    void removeDead() {
        long keepNanos = context.config().gossip().toTheDeadTime().toNanos();
        long now = context.loop().nanoTime();
        table.removeIf(record -> {
            boolean gone = record != me && !record.state().isLive() && now - record.stateSinceNanos() > keepNanos;
            if (gone) {
                forgotten(record);
            }
            return gone;
        });
    }

    /** A message says that a member is suspected. */
    void suspect(Suspect message) {
        if (!filter.cannotBeRefuted(message.incarnation(), message.node())) {
            accept(message, message.from(), message.from());
        }
    }

    /** This member has found that another one does not answer. */
    void suspectUnanswered(String name, long incarnation) {
        accept(new Suspect(incarnation, name, context.self()), context.self(), context.self());
    }

    /**
     * A message, or the state of another member, says that a member is suspected.
     *
     * @param accuser who says so: not the name in the message where this member passes on what others believe
     * @param from the same, for the log
     */
    void accept(Suspect suspect, String accuser, String from) {
        MemberRecord record = knownAtMost(suspect.incarnation(), suspect.node());
        if (record == null) {
            accusedAgain(suspect.node());
            return;
        }
        if (record == me && dispute.isOpen()) {
            local.outbid(suspect.incarnation());
            return;
        }
        if (record == me) {
            local.refute(suspect.incarnation(), LogEvent.SUSPECT_REFUTED, from);
            return;
        }
        switch (MemberChanges.Transition.of(record.state(), MemberState.SUSPECT)) {
            case SUSPECT -> {
                if (!flapping.awaitsConfirmation(record, accuser)) {
                    changes.suspect(record, suspect);
                }
            }
            case CONFIRM -> changes.confirm(record, suspect);
            default -> changes.raiseIncarnation(record, suspect.incarnation());
        }
    }

    /** A message says that a member has failed or left. */
    void dead(Dead dead) {
        if (dead.node().equals(context.self()) && dispute.isOpen()) {
            // It is about the other process, and most often its incarnation is outbid already.
            if (!filter.cannotBeRefuted(dead)) {
                dispute.holderEnded(dead.incarnation());
            }
            return;
        }
        if (filter.cannotBeRefuted(dead)) {
            return;
        }
        if (dead.node().equals(context.self()) && !dead.isLeave()) {
            local.declaredDead(dead.incarnation(), dead.from());
        }
        MemberRecord record = knownAtMost(dead.incarnation(), dead.node());
        if (record == null) {
            accusedAgain(dead.node());
            if (dead.isLeave()) {
                newcomers.left(dead);
            }
            return;
        }
        if (record == me) {
            // This process has not left, or it would not be refuted, so a former one with its name and address has.
            LogEvent event = dead.isLeave() ? LogEvent.FORMER_SELF_REFUTED : LogEvent.DEAD_REFUTED;
            local.refute(dead.incarnation(), event, dead.from());
            return;
        }
        if (record.state().isLive() && !dead.isLeave() && flapping.isDoubted(dead.from())) {
            accept(new Suspect(dead.incarnation(), dead.node(), dead.from()), dead.from(), dead.from());
            return;
        }
        switch (MemberChanges.Transition.of(record.state(), dead.isLeave() ? MemberState.LEFT : MemberState.DEAD)) {
            case FAIL, LEAVE -> changes.end(record, dead);
            default -> changes.raiseIncarnation(record, dead.incarnation());
        }
    }

    /** A message accuses a member that has outbid it, or cannot be accused like that. */
    private void accusedAgain(String name) {
        if (name.equals(context.self()) && !dispute.isOpen()) {
            local.accusedAgain();
        }
    }

    /** {@return the member, unless it is not known or known at a higher incarnation} */
    private @Nullable MemberRecord knownAtMost(long incarnation, String name) {
        MemberRecord record = table.get(name);
        return record == null || incarnation < record.incarnation() ? null : record;
    }

    /** Members of protocol 1 send no port: all members have the same port then. */
    private Alive withPort(Alive message) {
        if (message.port() != 0 && context.config().protocol().version() >= 2) {
            return message;
        }
        int port = me.address().getPort();
        if (message.port() != 0 && message.port() != port) {
            context.log().log(
                    LogEvent.PORT_IGNORED,
                    message.node(),
                    message.port(),
                    port,
                    context.config().settingName("protocol.version"));
        }
        return new Alive(
                message.incarnation(), message.node(), message.address(), port, message.meta(), message.versions());
    }
}
