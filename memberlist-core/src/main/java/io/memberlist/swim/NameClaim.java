package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.swim.PresenceCheck.Presence;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one member's name by a process at another address: what was said last, what was found at the two addresses,
 * and whom to ask next.
 *
 * <pre>
 *   RESTING --claim repeated--> ASKING --does not answer--> PAUSING --time is up--> ASKING
 *      ^                           |                           |
 *      |                        answers           the claimant may have the name
 *      |                           |                           v
 *      +---------------------------+                       VERIFYING --does not answer--> PAUSING
 *                                                              |
 *                                                           answers --> OVER
 * </pre>
 */
final class NameClaim {
    private enum State {
        /** Nobody is asked before the claim is repeated. */
        RESTING,
        /** The holder is asked whether it lives. */
        ASKING,
        /** The holder has not answered, and is asked again when the time is up. */
        PAUSING,
        /** The claimant is asked whether it lives itself, since it may have the name. */
        VERIFYING,
        /** The name has moved, is free, or is claimed no longer. */
        OVER
    }

    /** How many checks in a row must find silence, since a lost packet makes a paused process seem silent. */
    private static final int SILENT_CHECKS = 3;

    /** For how long something that was received from the holder shows that it lives, in probe intervals. */
    private static final int HEARD_INTERVALS = 8;

    private static final int MAX_PAUSE_INTERVALS = 8;
    private static final long FINDING_NANOS = 5_000_000_000L;
    private static final long CLAIM_NANOS = 60_000_000_000L;

    private final NameClaims claims;
    private final MemberRecord holder;
    private final EventLoop loop;
    private final long intervalNanos;

    private Alive alive;
    private long heardNanos;
    private boolean vouched;

    private State state = State.RESTING;
    /** When the state may be left, where it is one that lasts for a time. */
    private long untilNanos;

    private long verifyFromNanos;
    private EventLoop.Timer tick = () -> {};

    private Presence presence = Presence.ANSWERS;
    private long foundNanos;
    /** How many checks in a row have found silence since the holder has the state that it has. */
    private int silentChecks;

    private MemberState silentIn = MemberState.ALIVE;
    private int pauseIntervals = 1;
    private boolean lived;
    private long livedNanos;

    private @Nullable InetSocketAddress reported;
    private long reportedNanos;

    NameClaim(NameClaims claims, MemberRecord holder, Alive alive, EventLoop loop, long intervalNanos) {
        this.claims = claims;
        this.holder = holder;
        this.alive = alive;
        this.loop = loop;
        this.intervalNanos = intervalNanos;
        this.untilNanos = now();
        this.verifyFromNanos = now();
    }

    /**
     * The name is claimed, perhaps again.
     *
     * @param byAnother whether another process than the claimant says so
     */
    void claimed(Alive latest, boolean byAnother) {
        vouched = byAnother || vouched && Addresses.of(latest).equals(Addresses.of(alive));
        alive = latest;
        heardNanos = now();
        if (mayVerify()) {
            verify();
        } else if (state == State.RESTING && now() - untilNanos >= 0) {
            ask();
        }
    }

    /** The holder has sent a ping from its address, or has refuted, so it lives. */
    void holderHeard() {
        lived = true;
        livedNanos = now();
    }

    /** Ends the claim: no timer is left, and what was asked has no consequence. */
    void close() {
        state = State.OVER;
        tick.cancel();
    }

    private void ask() {
        MemberState holderState = holder.state();
        state = State.ASKING;
        tickLater();
        if (!claims.askHolder(holder.recipient(), found -> holderFound(found, holderState))) {
            pause(1);
        }
    }

    private void holderFound(Presence found, MemberState holderState) {
        if (isOver()) {
            return;
        }
        // The kernel of a process that is paused for long takes no more connections, and it seems silent then.
        boolean stillHangs = presence == Presence.HANGS && found == Presence.SILENT;
        presence = stillHangs ? Presence.HANGS : found;
        foundNanos = now();
        silentChecks = presence != Presence.SILENT ? 0 : silentIn == holderState ? silentChecks + 1 : 1;
        silentIn = holderState;
        if (state != State.ASKING) {
            return;
        }
        if (presence == Presence.ANSWERS) {
            rest();
            return;
        }
        if (presence == Presence.ABSENT && holder.state().isLive() && !holderWasHeard()) {
            claims.suspect(holder);
        }
        // A paused process does not take the connections out of its kernel's queue, which must not overflow.
        pauseIntervals = presence == Presence.HANGS ? Math.min(MAX_PAUSE_INTERVALS, 2 * pauseIntervals) : 1;
        boolean deciding = presence == Presence.SILENT && holder.state() != MemberState.ALIVE && !isSilent();
        pause(deciding ? 0 : pauseIntervals);
        tick();
    }

    /** The holder answers. The next claim lets it be asked again, but no more often than it is probed. */
    private void rest() {
        tick.cancel();
        state = State.RESTING;
        untilNanos = now() + intervalNanos;
        if (holder.state().isLive()) {
            report();
        } else {
            claims.notifyOfDeath(holder);
        }
    }

    private void pause(int intervals) {
        state = State.PAUSING;
        untilNanos = now() + intervals * intervalNanos;
        tickLater();
    }

    private void tick() {
        if (isOver()) {
            return;
        }
        if (mayVerify()) {
            verify();
        } else if (state == State.PAUSING && now() - untilNanos >= 0) {
            ask();
        } else {
            tickLater();
        }
    }

    private void tickLater() {
        tick.cancel();
        // A check may take longer than the rest of a suspicion.
        tick = loop.schedule(intervalNanos / 2, this::tick);
    }

    /** Whoever makes up claims chooses the address, so the claimant is asked no more often than a member is probed. */
    private boolean mayVerify() {
        return state != State.VERIFYING
                && state != State.OVER
                && now() - verifyFromNanos >= 0
                && (mayHaveName(alive) || mayBeDead());
    }

    private void verify() {
        Alive asked = alive;
        state = State.VERIFYING;
        tick.cancel();
        if (!claims.askClaimant(claimant(asked), answers -> claimantAsked(asked, answers))) {
            pause(1);
        }
    }

    private void claimantAsked(Alive asked, boolean answers) {
        if (state != State.VERIFYING || isOver()) {
            return;
        }
        if (answers && mayHaveName(asked)) {
            // The name moves, or the claimant raises its incarnation and claims again.
            claims.takeOverOrNotify(holder, asked);
        } else if (answers && mayBeDead()) {
            // This member is not cut off itself, so its suspicion needs no confirmation.
            claims.suspect(holder);
        } else {
            verifyFromNanos = now() + intervalNanos;
        }
        if (!isOver()) {
            pause(1);
        }
    }

    /** {@return whether a process that answers has more right to the name than its holder} */
    private boolean mayHaveName(Alive claimant) {
        return mayReplaceHolder() || claims.wasFirst(holder, Addresses.of(claimant), vouched);
    }

    private boolean mayReplaceHolder() {
        return holder.state() == MemberState.DEAD
                && (presence == Presence.ABSENT && now() - foundNanos <= FINDING_NANOS || isSilent())
                && !holderWasHeard();
    }

    /** {@return whether a holder that is suspected is silent, so that its suspicion is shortened} */
    private boolean mayBeDead() {
        Suspicion running = holder.suspicion();
        return running != null && !running.isShortened() && isSilent();
    }

    private boolean isSilent() {
        return silentChecks >= SILENT_CHECKS
                && silentIn == holder.state()
                && now() - foundNanos <= FINDING_NANOS
                && !holderWasHeard();
    }

    private boolean holderWasHeard() {
        return lived && now() - livedNanos <= HEARD_INTERVALS * intervalNanos;
    }

    /** {@return whether nothing is left to decide} If so, the claim is forgotten. */
    private boolean isOver() {
        if (state != State.OVER && (holder.address().equals(Addresses.of(alive)) || now() - heardNanos > CLAIM_NANOS)) {
            claims.forget(holder.name());
        }
        return state == State.OVER;
    }

    /** Reports that two live under one name, unless only old news of the member at a former address claims that. */
    private void report() {
        InetSocketAddress claimant = Addresses.of(alive);
        if (claimant.equals(reported) && now() - reportedNanos <= NameClaims.REPORT_NANOS) {
            return;
        }
        Alive claimed = alive;
        boolean asked = claims.askClaimant(claimant(claimed), answers -> {
            if (state != State.OVER && answers && holder.state().isLive()) {
                claims.report(holder, claimed);
            }
        });
        if (asked) {
            reported = claimant;
            reportedNanos = now();
        }
    }

    private Recipient claimant(Alive claim) {
        return new Recipient(Addresses.of(claim), holder.name());
    }

    private long now() {
        return loop.nanoTime();
    }
}
