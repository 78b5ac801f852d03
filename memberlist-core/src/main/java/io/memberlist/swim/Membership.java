package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what news about members means: the one place where a member's state changes. The rules are those of SWIM as
 * the Go library applies them; what is accepted is gossiped on and told to the application.
 */
final class Membership {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final Runnable NOBODY_WAITS = () -> {};

    private final Context context;
    private final Dissemination dissemination;
    private final MemberTable table;
    private final MessageFilter filter;
    private final String self;
    private final MemberRecord me;
    private final Tombstones tombstones;
    private final LocalMember.DeadMessageSender deadMessageSender;
    private final DeadNotificationLimiter deadNotifications;
    private final Transitions transitions;
    private final LocalMember local;

    /** Starts with this member alone. */
    Membership(
            Context context,
            Dissemination dissemination,
            Tombstones tombstones,
            LocalMember.DeadMessageSender deadMessageSender,
            Alive first) {
        this.context = context;
        this.tombstones = tombstones;
        this.deadMessageSender = deadMessageSender;
        this.dissemination = dissemination;
        this.table = context.table();
        this.filter = new MessageFilter(context);
        this.self = context.self();
        this.deadNotifications = new DeadNotificationLimiter(context.loop());
        this.transitions = new Transitions(context);
        this.local = new LocalMember(context, dissemination, transitions, deadMessageSender, first);
        this.me = local.record();
    }

    /** {@return this member, and what only it may do} */
    LocalMember local() {
        return local;
    }

    MemberRecord me() {
        return me;
    }

    /** {@return whether somebody else is alive or suspected} */
    boolean hasOtherLiveMembers() {
        return table.records().stream()
                .anyMatch(record -> record != me && record.state().isLive());
    }

    /** Ends every suspicion; no verdict follows. */
    void stop() {
        table.records().forEach(MemberRecord::clearSuspicion);
    }

    /** News: a member is alive. */
    void alive(Alive news) {
        if (local.left() && news.node().equals(self)) {
            if (news.incarnation() > me.incarnation() && !filter.cannotBeRefuted(news.incarnation(), self)) {
                // A lie, or words from a former life: while it stands, others see a member that has gone.
                local.repeatLeave(news.incarnation());
            }
            return;
        }
        Alive alive = withPort(news);
        if (!filter.accepts(alive)) {
            return;
        }
        MemberRecord record = table.get(alive.node());
        boolean takesOver = false;
        if (record != null && !sameAddress(record, alive)) {
            if (!mayTakeOver(record)) {
                conflict(record, alive);
                return;
            }
            log.info(
                    "{}: Updating address for left or failed node {} from {} to {}",
                    self,
                    record.name(),
                    Addresses.text(record.address()),
                    Addresses.text(Addresses.of(alive.address(), alive.port())));
            takesOver = true;
        }
        if (record == me) {
            if (local.mustRefute(alive) && !filter.cannotBeRefuted(alive.incarnation(), self)) {
                local.refute(alive.incarnation(), "an alive message about this member");
            }
        } else if (takesOver || alive.incarnation() > lastIncarnation(alive.node(), record)) {
            tombstones.remove(alive.node());
            apply(record, alive);
        } else {
            notifyOfDeath(record, alive);
        }
    }

    /** {@return the incarnation that news must exceed: the known one, or the one at which the member was forgotten} */
    private long lastIncarnation(String name, @Nullable MemberRecord record) {
        if (record != null) {
            return record.incarnation();
        }
        PushPullNode tombstone = tombstones.get(name);
        return tombstone == null ? 0 : tombstone.incarnation();
    }

    /**
     * Somebody whose end is known here is said to be alive, in words that are not newer. Most often these are old words.
     * But it may be a member that restarted, counts from one again and cannot know that it is thought dead, when all who
     * knew restarted with it; the Go library leaves it out then. So it is told, and outbids the accusation if it lives.
     */
    private void notifyOfDeath(@Nullable MemberRecord record, Alive alive) {
        if (record != null && record.state().isLive()) {
            return;
        }
        PushPullNode end = record != null ? record.toPushPullNode() : tombstones.get(alive.node());
        if (end != null && deadNotifications.tryAcquire(end.name())) {
            deadMessageSender.send(
                    new Recipient(Addresses.of(alive.address(), alive.port()), alive.node()), deadMessage(end));
        }
    }

    /** {@return the word of a member's end, as its own where it left} */
    private Dead deadMessage(PushPullNode end) {
        boolean leave = end.state() == MemberState.LEFT.ordinal();
        return new Dead(end.incarnation(), end.name(), leave ? end.name() : self);
    }

    /**
     * A member known here as dead or gone has sent a ping. One that restarted at once after leaving, or wakes after the
     * time in which gossip still reaches the dead, may not know what is believed of it: it is told, so that it can refute.
     */
    void pingReceivedFrom(Source source) {
        MemberRecord record = table.get(source.node());
        if (record != null
                && record != me
                && !record.state().isLive()
                && isAt(record, source)
                && deadNotifications.tryAcquire(record.name())) {
            deadMessageSender.send(record.recipient(), deadMessage(record.toPushPullNode()));
        }
    }

    private static boolean isAt(MemberRecord record, Source source) {
        return Addresses.valid(source.address(), source.port())
                && record.address().equals(Addresses.of(source.address(), source.port()));
    }

    /** Forgets members that have been dead or gone for long; what was known of them is kept as a tombstone. */
    void removeDead() {
        long keepNanos = context.config().gossip().toTheDeadTime().toNanos();
        long now = context.loop().nanoTime();
        table.removeIf(record -> {
            boolean gone = record != me && !record.state().isLive() && now - record.stateSinceNanos() > keepNanos;
            if (gone) {
                tombstones.add(record);
            }
            return gone;
        });
    }

    private void apply(@Nullable MemberRecord known, Alive alive) {
        MemberState before = known == null ? MemberState.DEAD : known.state();
        byte[] oldMeta = known == null ? alive.meta() : known.meta();
        MemberRecord record;
        if (known == null) {
            record = new MemberRecord(
                    alive,
                    MemberState.ALIVE,
                    context.loop().nanoTime(),
                    context.loop().wallClock());
            table.add(record);
        } else {
            record = known;
            record.clearSuspicion();
            record.update(alive);
            transitions.enter(record, MemberState.ALIVE);
        }
        context.counters().aliveMessages.increment();
        dissemination.news(record.name(), record.toAlive(), NOBODY_WAITS);
        if (!before.isLive()) {
            transitions.tell(record, MemberEvent.Joined::new);
            return;
        }
        if (before == MemberState.SUSPECT) {
            transitions.tell(record, MemberEvent.Recovered::new);
        }
        if (!Arrays.equals(oldMeta, record.meta())) {
            transitions.tell(record, MemberEvent.Updated::new);
        }
    }

    /** News: a member is suspected. */
    void suspect(Suspect news) {
        if (!filter.cannotBeRefuted(news.incarnation(), news.node())) {
            weigh(news);
        }
    }

    /** This member's own finding: somebody does not answer. */
    void suspectUnanswered(String name, long incarnation) {
        weigh(new Suspect(incarnation, name, self));
    }

    private void weigh(Suspect news) {
        MemberRecord record = table.get(news.node());
        if (record == null || news.incarnation() < record.incarnation()) {
            return;
        }
        Suspicion running = record.suspicion();
        if (running != null) {
            advance(record, news.incarnation());
            if (running.confirm(news.from())) {
                dissemination.news(record.name(), news, NOBODY_WAITS);
            }
            return;
        }
        if (record.state() != MemberState.ALIVE) {
            advance(record, news.incarnation());
            return;
        }
        if (record == me) {
            local.refute(news.incarnation(), "a suspect message (from: " + news.from() + ")");
            return;
        }
        context.counters().suspectMessages.increment();
        dissemination.news(record.name(), news, NOBODY_WAITS);
        record.raiseIncarnation(news.incarnation());
        transitions.enter(record, MemberState.SUSPECT);
        record.suspect(newSuspicion(record, news.from()));
        transitions.tell(record, MemberEvent.Suspected::new);
    }

    private Suspicion newSuspicion(MemberRecord record, String from) {
        MemberlistConfig config = context.config();
        int n = table.size();
        // Two less than the multiplier, as the Go library has it; none where too few are left to give them. The Go
        // library counts members that failed or left as well, and then waits in vain for their confirmations.
        int wished = config.suspicion().multiplier() - 2;
        boolean shortens = context.lifeguard().localHealthSuspicion();
        int hopedFor = !shortens || table.live() - 2 < wished ? 0 : wished;
        long min = Formulas.suspicionTimeoutNanos(
                config.suspicion().multiplier(), n, config.probe().interval().toNanos());
        long max = config.suspicion().maxTimeoutMultiplier() * min;
        return new Suspicion(
                context.loop(),
                from,
                hopedFor,
                min,
                max,
                confirmations -> suspicionTimedOut(record, confirmations, confirmations < hopedFor));
    }

    private void suspicionTimedOut(MemberRecord record, int confirmations, boolean degraded) {
        if (table.get(record.name()) == record && record.state() == MemberState.SUSPECT) {
            if (degraded) {
                context.counters().degradedSuspicions.increment();
            }
            log.info(
                    "{}: Marking {} as failed, suspect timeout reached ({} peer confirmations)",
                    self,
                    record.name(),
                    confirmations);
            weigh(new Dead(record.incarnation(), record.name(), self));
        }
    }

    /** News: a member has failed or left. */
    void dead(Dead news) {
        if (!filter.cannotBeRefuted(news.incarnation(), news.node())) {
            weigh(news);
        }
    }

    private void weigh(Dead news) {
        MemberRecord record = table.get(news.node());
        if (record == null || news.incarnation() < record.incarnation()) {
            return;
        }
        if (!record.state().isLive()) {
            advance(record, news.incarnation());
            return;
        }
        if (record == me) {
            local.refute(news.incarnation(), "a dead message (from: " + news.from() + ")");
            return;
        }
        record.clearSuspicion();
        context.counters().deadMessages.increment();
        dissemination.news(record.name(), news, NOBODY_WAITS);
        record.raiseIncarnation(news.incarnation());
        transitions.enter(record, news.isLeave() ? MemberState.LEFT : MemberState.DEAD);
        transitions.tell(record, news.isLeave() ? MemberEvent.Left::new : MemberEvent.Failed::new);
    }

    /**
     * Evidence of a failure counts even where it changes no state; else older news of life, arriving later, would bring a
     * member back at an incarnation at which it is known to be dead.
     */
    private void advance(MemberRecord record, long incarnation) {
        if (record != me && incarnation > record.incarnation()) {
            record.raiseIncarnation(incarnation);
            table.publish(record);
        }
    }

    /** Takes in another member's whole state, entry by entry. */
    void merge(List<PushPullNode> nodes) {
        for (PushPullNode node : nodes) {
            switch (node.state()) {
                case 0 ->
                    alive(new Alive(
                            node.incarnation(),
                            node.name(),
                            node.address(),
                            node.port(),
                            node.meta(),
                            node.versions()));
                case 3 -> dead(new Dead(node.incarnation(), node.name(), node.name()));
                // Even the dead are only suspected, in my own name: one who lives gets the chance to refute.
                case 1, 2 -> suspect(new Suspect(node.incarnation(), node.name(), self));
                default ->
                    context.log()
                            .dropped(DropReason.MALFORMED, "unknown state of a member in a push/pull", node.state());
            }
        }
    }

    private boolean mayTakeOver(MemberRecord record) {
        if (record.state() == MemberState.LEFT) {
            return record != me;
        }
        long reclaimNanos = context.config().deadNodeReclaimTime().toNanos();
        return record.state() == MemberState.DEAD
                && reclaimNanos > 0
                && context.loop().nanoTime() - record.stateSinceNanos() > reclaimNanos;
    }

    private void conflict(MemberRecord record, Alive alive) {
        Member other = filter.described(alive);
        context.log()
                .dropped(
                        DropReason.NAME_CONFLICT,
                        "Conflicting address for " + record.name() + ". Mine: " + Addresses.text(record.address())
                                + " Theirs: " + Addresses.text(other.address()) + " Old state",
                        record.state());
        ConflictDelegate delegate = context.config().delegates().conflict();
        if (delegate != null) {
            Member existing = record.view();
            context.callbacks().offer(0, () -> delegate.nameConflict(existing, other));
        }
    }

    /** Members of protocol 1 say no port: everybody's is the same then. */
    private Alive withPort(Alive news) {
        if (news.port() != 0 && context.config().protocol().version() >= 2) {
            return news;
        }
        return new Alive(
                news.incarnation(), news.node(), news.address(), me.address().getPort(), news.meta(), news.versions());
    }

    private static boolean sameAddress(MemberRecord record, Alive alive) {
        return record.address().equals(Addresses.of(alive.address(), alive.port()));
    }
}
