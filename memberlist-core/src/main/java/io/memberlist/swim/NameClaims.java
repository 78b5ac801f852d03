package io.memberlist.swim;

import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.swim.PresenceCheck.Presence;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Decides between a member and another process that claims its name from another address. Most often the second is the first
 * one's successor: a pod that was killed and has come back elsewhere. It may also be a mistake, and then the member that was
 * there first must keep its name.
 *
 * <p>The Go library lets a name go when the member has left, when it has been dead for longer than {@code
 * DeadNodeReclaimTime}, or when it has been forgotten. Here the member is also asked, by its name and at its address, as soon
 * as somebody claims the name:
 *
 * <pre>
 *   member              answers         is silent               is absent
 *   ALIVE               it is reported  wait                    is suspected
 *   SUSPECT             it is reported  wait                    suspicion is as short as can be
 *   DEAD                it is notified  wait                    takes over
 * </pre>
 *
 * So a member that lives has at least the time of the shortest suspicion to refute, as always. One that pings or refutes is
 * not absent, whatever was found: a firewall may refuse connections to it. One that is silent may be paused or cut off, and
 * keeps its name as long as in the Go library: if members gave it away one after the other and it came back meanwhile, some
 * would know the one process for ever, and some the other.
 */
final class NameClaims {
    /** For how long something that was received from a member shows that it is not absent, in probe intervals. */
    private static final int HEARD_INTERVALS = 8;

    /** How many members are asked at the same time. */
    private static final int MAX_CHECKS = 32;

    private static final long CLAIM_NANOS = 60_000_000_000L;
    private static final long FINDING_NANOS = 5_000_000_000L;

    /** How often a conflict is reported that lasts. */
    static final long REPORT_NANOS = 60_000_000_000L;

    private static final int MAX_PAUSE_INTERVALS = 8;

    private final Context context;
    private final PresenceCheck check;
    private final DeadNotifier deadNotifier;
    private final Consumer<MemberRecord> suspect;
    private final BiConsumer<MemberRecord, Alive> takeOver;
    private final Map<String, Claim> byName = new HashMap<>();
    private int checking;
    private boolean stopped;

    /**
     * @param suspect begins a suspicion in this member's name
     * @param takeOver gives a member's name to the sender of an alive message
     */
    NameClaims(
            Context context,
            PresenceCheck check,
            DeadNotifier deadNotifier,
            Consumer<MemberRecord> suspect,
            BiConsumer<MemberRecord, Alive> takeOver) {
        this.context = context;
        this.check = check;
        this.deadNotifier = deadNotifier;
        this.suspect = suspect;
        this.takeOver = takeOver;
    }

    /** Ends all claims: no timer is left, and nobody is asked any more. */
    void stop() {
        stopped = true;
        byName.values().forEach(Claim::close);
        byName.clear();
    }

    /** An alive message gives the name of a known member to another address. */
    void claimed(MemberRecord holder, Alive alive) {
        if (holder.state() == MemberState.LEFT || deadLongEnough(holder)) {
            takeOver(holder, alive);
            return;
        }
        Claim claim = byName.computeIfAbsent(holder.name(), name -> new Claim(alive));
        claim.heard(alive, now());
        if (mayTakeOver(holder, claim)) {
            takeOverOrNotify(holder, claim);
            return;
        }
        context.counters().drop(DropReason.NAME_CONFLICT);
        if (!claim.watched) {
            claim.watched = true;
            claim.askAgainNanos = now();
            watch(holder, claim);
        }
    }

    /** {@return whether somebody claims a member's name} */
    boolean isClaimed(String name) {
        return byName.containsKey(name);
    }

    /** A member has sent a ping from its address, or has refuted, so it lives. */
    void heardFrom(MemberRecord holder) {
        Claim claim = byName.get(holder.name());
        if (claim != null) {
            claim.lived = true;
            claim.livedNanos = now();
        }
    }

    /** A member is forgotten: its name is free. */
    void forget(String name) {
        Claim claim = byName.remove(name);
        if (claim != null) {
            claim.close();
        }
    }

    private void takeOver(MemberRecord holder, Alive alive) {
        forget(holder.name());
        context.log().log(
                LogEvent.NAME_TAKEN_OVER,
                holder.name(),
                Addresses.text(holder.address()),
                Addresses.text(Addresses.of(alive.address(), alive.port())));
        takeOver.accept(holder, alive);
    }

    /** A claim that is older than the member's end would be ended by it again, so its sender is notified and refutes. */
    private void takeOverOrNotify(MemberRecord holder, Claim claim) {
        if (claim.alive.incarnation() > holder.incarnation()) {
            takeOver(holder, claim.alive);
        } else {
            deadNotifier.notify(new Recipient(claim.address(), holder.name()), holder.toPushPullNode());
        }
    }

    private boolean deadLongEnough(MemberRecord holder) {
        long reclaimNanos = context.config().deadNodeReclaimTime().toNanos();
        return holder.state() == MemberState.DEAD
                && reclaimNanos > 0
                && now() - holder.stateSinceNanos() > reclaimNanos;
    }

    private boolean mayTakeOver(MemberRecord holder, Claim claim) {
        return holder.state() == MemberState.DEAD
                && claim.presence == Presence.ABSENT
                && now() - claim.foundNanos <= FINDING_NANOS
                && !wasHeard(claim);
    }

    private boolean wasHeard(Claim claim) {
        return claim.lived && now() - claim.livedNanos <= HEARD_INTERVALS * intervalNanos();
    }

    /** Asks the member, again and again until there is a decision or nobody claims its name any more. */
    private void watch(MemberRecord holder, Claim claim) {
        if (isOpen(holder, claim) && mayTakeOver(holder, claim)) {
            takeOverOrNotify(holder, claim);
        }
        if (!isOpen(holder, claim)) {
            return;
        }
        if (!claim.asked && now() - claim.askAgainNanos >= 0 && checking < MAX_CHECKS) {
            ask(holder, claim);
        }
        // A check may take longer than the rest of a suspicion.
        claim.next = context.loop().schedule(intervalNanos() / 2, () -> watch(holder, claim));
    }

    private void ask(MemberRecord holder, Claim claim) {
        checking++;
        claim.asked = true;
        check.ask(holder.recipient(), presence -> {
            checking--;
            claim.asked = false;
            claim.found(presence, now());
            if (isOpen(holder, claim)) {
                conclude(holder, claim);
            }
        });
    }

    private void conclude(MemberRecord holder, Claim claim) {
        if (claim.presence == Presence.ANSWERS) {
            // The next claim makes this member ask again, but no more often than it probes.
            claim.next.cancel();
            claim.next = context.loop().schedule(intervalNanos(), () -> claim.watched = false);
            if (holder.state().isLive()) {
                report(holder, claim);
            } else {
                deadNotifier.notify(holder.recipient(), holder.toPushPullNode());
            }
            return;
        }
        if (claim.presence == Presence.ABSENT && holder.state().isLive() && !wasHeard(claim)) {
            suspect(holder);
        }
        // A paused process does not take the connections out of its kernel's queue, which must not overflow.
        claim.pauseIntervals =
                claim.presence == Presence.SILENT ? Math.min(MAX_PAUSE_INTERVALS, 2 * claim.pauseIntervals) : 1;
        claim.askAgainNanos = now() + claim.pauseIntervals * intervalNanos();
        claim.next.cancel();
        watch(holder, claim);
    }

    /**
     * Suspects a member that is absent and from which nothing was heard. Lifeguard waits for confirmations since this member
     * may be slow itself; a connection that is refused needs none.
     */
    private void suspect(MemberRecord holder) {
        if (holder.state() == MemberState.ALIVE) {
            suspect.accept(holder);
        }
        Suspicion running = holder.suspicion();
        if (running != null) {
            running.shorten();
        }
    }

    /** {@return whether nothing is decided yet about a claim} */
    private boolean isOpen(MemberRecord holder, Claim claim) {
        boolean open = !stopped
                && byName.get(holder.name()) == claim
                && context.table().get(holder.name()) == holder
                && !holder.address().equals(claim.address())
                && now() - claim.heardNanos <= CLAIM_NANOS;
        if (!open) {
            byName.remove(holder.name(), claim);
        }
        return open;
    }

    /** Reports that two live under one name, unless only old news of the member at a former address claims that. */
    private void report(MemberRecord holder, Claim claim) {
        boolean repeated = claim.address().equals(claim.reported) && now() - claim.reportedNanos <= REPORT_NANOS;
        // Whoever makes up claims chooses the addresses, and must not make this member open any number of streams.
        if (repeated || checking >= MAX_CHECKS) {
            return;
        }
        claim.reported = claim.address();
        claim.reportedNanos = now();
        Alive claimed = claim.alive;
        checking++;
        check.ask(new Recipient(claim.address(), holder.name()), presence -> {
            checking--;
            if (!stopped && presence == Presence.ANSWERS && holder.state().isLive()) {
                conflict(context, holder.view(), claimed);
            }
        });
    }

    /** Logs that two processes live under one name, and notifies the application. */
    static void conflict(Context context, Member existing, Alive claim) {
        String theirs = Addresses.text(Addresses.of(claim.address(), claim.port()));
        context.log().log(
                LogEvent.NAME_CONFLICT, existing.name(), Addresses.text(existing.address()), theirs, existing.state());
        notifyDelegate(context, existing, claim);
    }

    /** Notifies the application that another process claims a member's name. */
    static void notifyDelegate(Context context, Member existing, Alive claim) {
        Member other =
                MemberRecord.described(claim, MemberState.ALIVE, context.loop().wallClock());
        ConflictDelegate delegate = context.config().delegates().conflict();
        if (delegate != null) {
            context.callbacks().offer(0, () -> delegate.nameConflict(existing, other));
        }
    }

    private long now() {
        return context.loop().nanoTime();
    }

    private long intervalNanos() {
        return context.config().probe().interval().toNanos();
    }

    /** The latest message that claims a member's name, and what was found at that member's own address. */
    private static final class Claim {
        Alive alive;
        long heardNanos;
        Presence presence = Presence.ANSWERS;
        long foundNanos;
        boolean lived;
        long livedNanos;
        boolean watched;
        boolean asked;
        long askAgainNanos;
        int pauseIntervals = 1;
        InetSocketAddress reported = InetSocketAddress.createUnresolved("", 0);
        long reportedNanos;
        EventLoop.Timer next = () -> {};

        Claim(Alive alive) {
            this.alive = alive;
        }

        void close() {
            next.cancel();
        }

        void heard(Alive latest, long nowNanos) {
            alive = latest;
            heardNanos = nowNanos;
        }

        void found(Presence latest, long nowNanos) {
            presence = latest;
            foundNanos = nowNanos;
        }

        InetSocketAddress address() {
            return Addresses.of(alive.address(), alive.port());
        }
    }
}
