package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.member.NameConflict;
import io.memberlist.member.NameTakenException;
import io.memberlist.swim.PresenceCheck.Presence;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this member does about another process under its own name; {@link NameClaims} is the side of all others.
 *
 * <p>When the cluster that a newcomer joins knows another process under its name, the cluster ignores the newcomer, which then
 * must not believe that it is a member: it merges nothing and stays alone. It asks the other process whether it lives. If so,
 * the join fails. If not, most often the other process is a former one of this member, so the join waits until the cluster
 * has declared it dead and takes this member in its place. Meanwhile, and after a failed join, this member tries again now
 * and then, and at once when somebody pings it by its name, since only those do so that know it at this address.
 *
 * <pre>
 *   FREE --a member knows another process--> ASKING --it answers---------> TAKEN
 *    ^                                          |                           ^ |
 *    |                                          +--it does not answer--> WAITING
 *    +---- admitted, or nobody says so any more (from each of the others)
 * </pre>
 */
final class NameDispute {
    private enum State {
        /** Nobody else is known to have the name. */
        FREE,
        /** Another process has the name, as a member says; it is asked whether it lives. */
        ASKING,
        /** The other process answers. */
        TAKEN,
        /** The other process does not answer: most often it is a former one of this member. */
        WAITING
    }

    private static final int MAX_REPORTERS = 8;
    private static final int MAX_PAUSE_INTERVALS = 5;

    /** How long after a death members may need to take in the next one of that name. */
    private static final int ADMISSION_INTERVALS = 2;

    /** Every member is pinged about once in a probe interval, by one of the others. */
    private static final int ACCEPTED_INTERVALS = 10;

    private final Context context;
    private final LocalMember local;
    private final PresenceCheck check;
    private final BiConsumer<Recipient, Completion<Void>> exchange;
    private final Set<Recipient> reporters = new LinkedHashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private State state = State.FREE;
    private volatile @Nullable NameConflict conflict;
    private EventLoop.Timer retry = () -> {};
    private int clusterSize;
    private int pauseIntervals = 1;
    private boolean exchanging;
    private long triedNanos;
    private boolean checking;
    private long pingedNanos;
    private long admittedNanos;
    private long warnedNanos;
    private boolean claimWatched;
    private EventLoop.Timer claimPause = () -> {};
    private boolean stopped;

    /** @param exchange begins a push/pull with a member, as a join */
    NameDispute(
            Context context, LocalMember local, PresenceCheck check, BiConsumer<Recipient, Completion<Void>> exchange) {
        this.context = context;
        this.local = local;
        this.check = check;
        this.exchange = exchange;
        this.triedNanos = now() - intervalNanos();
        this.pingedNanos = now() - ACCEPTED_INTERVALS * intervalNanos();
        this.admittedNanos = pingedNanos;
        this.warnedNanos = now() - NameClaims.REPORT_NANOS;
    }

    /** {@return who has this member's name, or null while nobody else is known to have it} May be read from anywhere. */
    @Nullable
    NameConflict conflict() {
        return conflict;
    }

    boolean isOpen() {
        return state != State.FREE;
    }

    /** {@return the entry in another member's state for a process under this member's name, or null} */
    @Nullable
    PushPullNode namesake(List<PushPullNode> nodes) {
        for (PushPullNode node : nodes) {
            if (isNamesake(node)) {
                return node;
            }
        }
        return null;
    }

    /**
     * {@return whether an entry is about another process that has this member's name and has not left} An entry that no
     * process can have, or that this member could not outbid, is none: the merge drops it.
     */
    boolean isNamesake(PushPullNode node) {
        return node.name().equals(context.self())
                && isInCluster(node)
                && !MessageFilter.leavesNoRoom(node.incarnation())
                && Addresses.valid(node.address(), node.port())
                && !local.record().isAt(node.address(), node.port())
                && !local.former().contains(node.address(), node.port())
                && mayBeAsked(Addresses.of(node.address(), node.port()).getAddress());
    }

    private static boolean isInCluster(PushPullNode node) {
        return node.state() >= 0 && node.state() < MemberState.LEFT.ordinal();
    }

    private boolean mayBeAsked(InetAddress address) {
        return Addresses.ofOneMachine(address) && context.allows(address);
    }

    /** {@return whether a state that came unasked has this member among those that live, which ends a dispute} */
    boolean isAdmittedBy(List<PushPullNode> nodes) {
        return nodes.stream()
                .anyMatch(node -> node.name().equals(context.self())
                        && FormerAddresses.isLive(node)
                        && Addresses.valid(node.address(), node.port())
                        && local.record().isAt(node.address(), node.port()));
    }

    /** {@return whether this member knows no other, so that a cluster which knows a namesake keeps it out} */
    boolean isNewcomer() {
        return context.table().live() <= 1;
    }

    /** {@return whether this member waits outside of a cluster that knows a namesake} */
    boolean keepsOut() {
        return isOpen() && isNewcomer();
    }

    /**
     * {@return whether this member must not take others in: they would know it, and not the process that has its name} Where
     * that process does not answer, this member most often is its successor, and may be the only one that others find.
     */
    boolean keepsOthersOut() {
        return keepsOut() && state != State.WAITING;
    }

    /**
     * A member has answered that another process has this member's name.
     *
     * @param by the member that has answered
     * @param members how many members it knows
     * @return what this member is told, or null where it is known to others at its own address all the same
     */
    @Nullable
    NameTakenException refused(PushPullNode namesake, Recipient by, int members) {
        if (stopped || local.left() || !isNewcomer() && isAccepted()) {
            claimed(namesake.toAlive());
            return null;
        }
        if (reporters.size() < MAX_REPORTERS) {
            reporters.add(by);
        }
        local.outbid(namesake.incarnation());
        InetSocketAddress address = Addresses.of(namesake.address(), namesake.port());
        if (conflict == null || !conflict.holder().equals(address)) {
            enter(State.ASKING, address);
        }
        clusterSize = members;
        askHolder(namesake);
        retryLater();
        return new NameTakenException(Objects.requireNonNull(conflict));
    }

    /**
     * Lets a join wait until the name is free.
     *
     * @param completion notified when this member was admitted, or when the holder turned out to live or to hold the name
     *     for too long
     */
    void await(Completion<Void> completion) {
        NameConflict current = conflict;
        if (current != null && current.answers()) {
            completion.done(null, new NameTakenException(current));
            return;
        }
        Waiting join = new Waiting(completion);
        join.deadline = context.loop().schedule(longestSuspicionNanos(), () -> {
            if (waiting.remove(join) && conflict != null) {
                completion.done(null, new NameTakenException(conflict));
            }
        });
        waiting.add(join);
    }

    private long longestSuspicionNanos() {
        var suspicion = context.config().suspicion();
        long shortest = Formulas.suspicionTimeoutNanos(suspicion.multiplier(), clusterSize, intervalNanos());
        return suspicion.maxTimeoutMultiplier() * shortest + ADMISSION_INTERVALS * intervalNanos();
    }

    /**
     * A member has answered that knows nobody else under this member's name. That ends the dispute, before its state is
     * merged.
     *
     * @return what the merge says
     */
    @Nullable
    Throwable accepted(Supplier<@Nullable Throwable> merge) {
        boolean wasOpen = isOpen();
        close();
        Throwable failure = merge.get();
        if (wasOpen) {
            admittedNanos = now();
            context.log().logSelf(LogEvent.NAME_FREE, context.self());
            settle(failure);
        }
        return failure;
    }

    /** Somebody pings this member by its name, so he knows it at this address. */
    void pingReceived(Source source) {
        if (source.node().equals(context.self())) {
            return;
        }
        pingedNanos = now();
        // A newcomer exchanges state with him, and learns thereby that it is admitted.
        if (isOpen() && !isNewcomer()) {
            accepted(() -> null);
        }
    }

    /** Others have declared the process dead that has this member's name: now is the time to try again. */
    void holderEnded(long incarnation) {
        local.outbid(incarnation);
        // Gossip says so many times, and strangers may.
        if (now() - triedNanos >= intervalNanos() / 2) {
            tryAgain();
        }
    }

    /** A message says that a process at another address is alive under this member's name. */
    void claimed(Alive alive) {
        if (stopped || claimWatched || isOpen()) {
            return;
        }
        claimWatched = true;
        check.askClaimant(new Recipient(Addresses.of(alive), context.self()), answers -> {
            if (stopped) {
                return;
            }
            long pauseNanos = answers ? NameClaims.REPORT_NANOS : ACCEPTED_INTERVALS * intervalNanos();
            claimPause = context.loop().schedule(pauseNanos, () -> claimWatched = false);
            if (answers) {
                NameClaims.conflict(context, local.record().view(), alive);
            }
        });
    }

    /** Ends the dispute, because this member leaves. */
    void leave() {
        close();
        settle(new TransportException("this member has left"));
    }

    /** Ends everything, because this member is shut down. */
    void stop() {
        stopped = true;
        claimPause.cancel();
        close();
        settle(new TransportException("this member has been shut down"));
    }

    /** Whoever admits this member is the first to do so: others still know the former holder of the name for a moment. */
    private boolean isAccepted() {
        long patienceNanos = ACCEPTED_INTERVALS * intervalNanos();
        return now() - pingedNanos < patienceNanos || now() - admittedNanos < patienceNanos;
    }

    private void askHolder(PushPullNode asked) {
        if (checking) {
            return;
        }
        checking = true;
        InetSocketAddress address = Addresses.of(asked.address(), asked.port());
        check.askHolder(new Recipient(address, context.self()), presence -> {
            checking = false;
            if (conflict != null && conflict.holder().equals(address)) {
                enter(presence == Presence.ANSWERS ? State.TAKEN : State.WAITING, address);
                answered(asked, Objects.requireNonNull(conflict));
            }
        });
    }

    private void answered(PushPullNode asked, NameConflict current) {
        if (current.answers()) {
            if (now() - warnedNanos >= NameClaims.REPORT_NANOS) {
                warnedNanos = now();
                context.log().logSelf(LogEvent.NAME_TAKEN, context.self(), Addresses.text(current.holder()));
                NameClaims.notifyDelegate(context, local.record().view(), asked.toAlive());
            }
            settle(new NameTakenException(current));
        }
    }

    private void enter(State next, InetSocketAddress address) {
        state = next;
        NameConflict before = conflict;
        boolean same = before != null && before.holder().equals(address);
        Instant since = same ? before.since() : context.loop().wallClock();
        conflict = new NameConflict(context.self(), address, next == State.TAKEN, since);
        if (!same) {
            context.log().logSelf(LogEvent.NAME_HELD, context.self(), Addresses.text(address));
        }
    }

    private void retryLater() {
        retry.cancel();
        retry = context.loop().schedule(pauseIntervals * intervalNanos(), this::tryAgain);
        pauseIntervals = Math.min(MAX_PAUSE_INTERVALS, 2 * pauseIntervals);
    }

    private void tryAgain() {
        NameConflict current = conflict;
        if (current == null) {
            return;
        }
        if (reporters.isEmpty()) {
            // All who told of the other process are gone, and it may live: only itself can tell.
            tryAgain(new Recipient(current.holder(), context.self()));
        } else {
            // In turn, since members of the Go library take this one in later than others.
            Recipient next = reporters.iterator().next();
            reporters.remove(next);
            reporters.add(next);
            tryAgain(next);
        }
    }

    private void tryAgain(Recipient member) {
        if (!isOpen() || exchanging) {
            return;
        }
        exchanging = true;
        triedNanos = now();
        exchange.accept(member, (nothing, failure) -> {
            exchanging = false;
            if (isOpen() && failure != null && !(failure instanceof NameTakenException)) {
                notAnswered(member);
            }
        });
    }

    private void notAnswered(Recipient member) {
        if (reporters.remove(member) || !reporters.isEmpty()) {
            retryLater();
        } else {
            close();
            settle(new TransportException(
                    "neither the process that has the name answers any more, nor a member that knows" + " of it"));
        }
    }

    private void close() {
        retry.cancel();
        state = State.FREE;
        conflict = null;
        reporters.clear();
        pauseIntervals = 1;
    }

    private void settle(@Nullable Throwable failure) {
        List<Waiting> settled = List.copyOf(waiting);
        waiting.clear();
        settled.forEach(join -> {
            join.deadline.cancel();
            join.completion.done(null, failure);
        });
    }

    private long now() {
        return context.loop().nanoTime();
    }

    private long intervalNanos() {
        return context.config().probe().interval().toNanos();
    }

    /** A join that waits until the name is free. */
    private static final class Waiting {
        final Completion<Void> completion;
        EventLoop.Timer deadline = () -> {};

        Waiting(Completion<Void> completion) {
            this.completion = completion;
        }
    }
}
