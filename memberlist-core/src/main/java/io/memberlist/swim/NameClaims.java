package io.memberlist.swim;

import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.swim.PresenceCheck.Presence;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import java.net.InetAddress;
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
 *   member     answers         takes connections,      is silent             is absent
 *                              does not answer
 *   ALIVE      it is reported  wait                    wait                  is suspected
 *   SUSPECT    it is reported  wait                    wait                  suspicion is as short as can be
 *   DEAD       it is notified  wait                    replaced after three  replaced
 *                                                      checks
 * </pre>
 *
 * So a member that lives has at least the time of the shortest suspicion to refute, as always. One that pings or refutes is
 * neither silent nor absent, whatever was found: a firewall may refuse connections to it. A paused process, whose kernel takes
 * connections, keeps its name as long as in the Go library. Whoever replaces a member must answer by the name itself: a member
 * whose own network is gone finds nobody anywhere.
 *
 * <p>One that was silent may only have been cut off, and others may still know it: {@link FormerHolders} says when it gets
 * its name back.
 */
final class NameClaims {
    /** How many processes are asked at the same time. */
    private static final int MAX_CHECKS = 32;

    /** How often a conflict is reported that lasts. */
    static final long REPORT_NANOS = 60_000_000_000L;

    private final Context context;
    private final PresenceCheck check;
    private final DeadNotifier deadNotifier;
    private final Consumer<MemberRecord> suspect;
    private final BiConsumer<MemberRecord, Alive> takeOver;
    private final FormerHolders formerHolders;
    private final Map<String, NameClaim> byName = new HashMap<>();
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
        this.formerHolders = new FormerHolders(context.loop());
    }

    /** Ends all claims: no timer is left, and nobody is asked any more. */
    void stop() {
        stopped = true;
        byName.values().forEach(NameClaim::close);
        byName.clear();
    }

    /**
     * An alive message gives the name of a known member to another address.
     *
     * @param from who has sent it
     */
    void claimed(MemberRecord holder, Alive alive, InetAddress from) {
        if (holder.state() == MemberState.LEFT || deadLongEnough(holder)) {
            takeOverAbove(formerHolders.endedAt(holder.name(), Addresses.of(alive)), holder, alive);
            return;
        }
        context.counters().drop(DropReason.NAME_CONFLICT);
        if (!stopped) {
            boolean byAnother = !Addresses.of(alive).getAddress().equals(from);
            byName.computeIfAbsent(
                            holder.name(), name -> new NameClaim(this, holder, alive, context.loop(), intervalNanos()))
                    .claimed(alive, byAnother);
        }
    }

    /** {@return whether somebody claims a member's name} */
    boolean isClaimed(String name) {
        return byName.containsKey(name);
    }

    /** A member has sent a ping from its address, or has refuted, so it lives. */
    void heardFrom(MemberRecord holder) {
        NameClaim claim = byName.get(holder.name());
        if (claim != null) {
            claim.holderHeard();
        }
    }

    /**
     * Another process than the one that is known under a name has sent a ping. If it was the first, or the known one has ended, so
     * that it most often is its successor, of which gossip has not told here, it learns what is known of its name.
     */
    void pingReceived(MemberRecord holder, Source source) {
        InetSocketAddress address = Addresses.of(source.address(), source.port());
        if (!holder.state().isLive() || wasFirst(holder, address, false)) {
            // It refutes, and claims its name thereby.
            notifyOfDeath(holder, address);
        }
    }

    /** A member is known at an address, after the end of a process of that name which was forgotten meanwhile. */
    void replaced(PushPullNode forgotten, Alive alive) {
        InetSocketAddress former = Addresses.of(forgotten.address(), forgotten.port());
        if (!former.equals(Addresses.of(alive))) {
            moved(alive.node(), former, forgotten.incarnation(), Addresses.of(alive));
        }
    }

    /** A member is forgotten: its name is free. */
    void forget(String name) {
        NameClaim claim = byName.remove(name);
        if (claim != null) {
            claim.close();
        }
    }

    /** {@return whether a process had the name of a member before it, and gets it back if it lives} */
    boolean wasFirst(MemberRecord holder, InetSocketAddress address, boolean vouched) {
        return formerHolders.mayReturn(holder.name(), address, vouched);
    }

    /** A claim that is not newer than an end would be ended by it again, so its sender is notified and refutes. */
    void takeOverOrNotify(MemberRecord holder, Alive alive) {
        takeOverAbove(lastEnd(holder, Addresses.of(alive)), holder, alive);
    }

    private void takeOverAbove(long end, MemberRecord holder, Alive alive) {
        if (alive.incarnation() > end) {
            takeOver(holder, alive);
        } else {
            notifyOfDeath(holder, Addresses.of(alive));
        }
    }

    private void notifyOfDeath(MemberRecord holder, InetSocketAddress claimant) {
        deadNotifier.notify(
                new Recipient(claimant, holder.name()),
                holder.toPushPullNode().withIncarnation(lastEnd(holder, claimant)));
    }

    /** {@return the incarnation that a process must exceed to have the name: the holder's, or the one at which it ended} */
    private long lastEnd(MemberRecord holder, InetSocketAddress claimant) {
        return Math.max(holder.incarnation(), formerHolders.endedAt(holder.name(), claimant));
    }

    private void takeOver(MemberRecord holder, Alive alive) {
        forget(holder.name());
        InetSocketAddress present = Addresses.of(alive);
        moved(holder.name(), holder.address(), holder.incarnation(), present);
        context.log().log(
                LogEvent.NAME_TAKEN_OVER, holder.name(), Addresses.text(holder.address()), Addresses.text(present));
        takeOver.accept(holder, alive);
    }

    private void moved(String name, InetSocketAddress former, long ended, InetSocketAddress present) {
        if (formerHolders.mayReturn(name, present, true)) {
            formerHolders.returned(name, present, former, ended);
        } else {
            formerHolders.gaveAway(name, former, ended);
        }
    }

    private boolean deadLongEnough(MemberRecord holder) {
        long reclaimNanos = context.config().deadNodeReclaimTime().toNanos();
        return holder.state() == MemberState.DEAD
                && reclaimNanos > 0
                && context.loop().nanoTime() - holder.stateSinceNanos() > reclaimNanos;
    }

    /**
     * Asks whether the process that is known under a name lives, unless too many are being asked.
     *
     * @param outcome not called after this member was stopped
     * @return whether the process is asked
     */
    boolean askHolder(Recipient holder, Consumer<Presence> outcome) {
        return ask(asked -> check.askHolder(holder, asked), outcome);
    }

    /** As {@link #askHolder}, for a process that claims a name. */
    boolean askClaimant(Recipient claimant, Consumer<Boolean> answers) {
        return ask(asked -> check.askClaimant(claimant, asked), answers);
    }

    private <T> boolean ask(Consumer<Consumer<T>> question, Consumer<T> outcome) {
        if (checking >= MAX_CHECKS) {
            return false;
        }
        checking++;
        question.accept(answer -> {
            checking--;
            if (!stopped) {
                outcome.accept(answer);
            }
        });
        return true;
    }

    /**
     * Suspects a member that is absent and from which nothing was heard. Lifeguard waits for confirmations since this member
     * may be slow itself; a connection that is refused needs none.
     */
    void suspect(MemberRecord holder) {
        if (holder.state() == MemberState.ALIVE) {
            suspect.accept(holder);
        }
        Suspicion running = holder.suspicion();
        if (running != null) {
            running.shorten();
        }
    }

    /** A member answers that is known as dead: it can refute. */
    void notifyOfDeath(MemberRecord holder) {
        deadNotifier.notify(holder.recipient(), holder.toPushPullNode());
    }

    /** Two live under one name, and it is clear which of them was first. */
    void report(MemberRecord holder, Alive claim) {
        conflict(context, holder.view(), claim);
    }

    /** Logs that two processes live under one name, and notifies the application. */
    static void conflict(Context context, Member existing, Alive claim) {
        String theirs = Addresses.text(Addresses.of(claim));
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

    private long intervalNanos() {
        return context.config().probe().interval().toNanos();
    }
}
