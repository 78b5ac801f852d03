package io.memberlist.swim;

import io.memberlist.config.SuspicionConfig;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies what {@link Membership} decides: changes a member's record, shows the change to other threads, gossips the
 * message on and notifies the application.
 */
final class MemberChanges {
    private final Context context;
    private final Dissemination dissemination;
    private final MemberTable table;
    private final ChangeLog changeLog;
    private final BiConsumer<Recipient, Message> direct;
    private final Flapping flapping;

    /** @param direct sends a message to one member, beside gossip */
    MemberChanges(Context context, Dissemination dissemination, BiConsumer<Recipient, Message> direct) {
        this.context = context;
        this.dissemination = dissemination;
        this.table = context.table();
        this.changeLog = new ChangeLog(context);
        this.direct = direct;
        this.flapping = new Flapping(context, event -> {
            EventDelegate delegate = context.config().delegates().event();
            if (delegate != null) {
                context.callbacks().event(delegate, event);
            }
        });
    }

    /** {@return which members fail and come back again and again} */
    Flapping flapping() {
        return flapping;
    }

    /**
     * What a new message about another member does to it. It depends on the member's state in the table (rows) and on the
     * state that the message claims (columns):
     *
     * <pre>
     *              ALIVE     SUSPECT            DEAD               LEFT
     *   unknown    JOIN      IGNORE             IGNORE             IGNORE
     *   ALIVE      UPDATE    SUSPECT            FAIL               LEAVE
     *   SUSPECT    RECOVER   CONFIRM            FAIL               LEAVE
     *   DEAD       JOIN      RAISE_INCARNATION  RAISE_INCARNATION  RAISE_INCARNATION
     *   LEFT       JOIN      RAISE_INCARNATION  RAISE_INCARNATION  RAISE_INCARNATION
     * </pre>
     *
     * An alive message is new if its incarnation is higher than the known one; any other message is new if its incarnation
     * is the known one or higher (SWIM, section 4.2). No message changes the state of the local member, which refutes
     * instead.
     */
    enum Transition {
        /** Nothing: there is no record of the member. */
        IGNORE(null, null),
        /** A member is new, or is back after its end. */
        JOIN(MemberState.ALIVE, MemberEvent.Joined::new),
        /** A live member has a higher incarnation, perhaps other metadata. */
        UPDATE(MemberState.ALIVE, null),
        /** A suspected member has refuted. */
        RECOVER(MemberState.ALIVE, MemberEvent.Recovered::new),
        /** A suspicion begins. */
        SUSPECT(MemberState.SUSPECT, MemberEvent.Suspected::new),
        /** Another member may confirm the suspicion that runs (Lifeguard). */
        CONFIRM(null, null),
        /** A member has failed. */
        FAIL(MemberState.DEAD, MemberEvent.Failed::new),
        /** A member has left by its own will. */
        LEAVE(MemberState.LEFT, MemberEvent.Left::new),
        /**
         * Only the incarnation rises. Without that, an older alive message that arrives later would bring a member back at
         * an incarnation at which it is known to have ended.
         */
        RAISE_INCARNATION(null, null);

        /** The state that the member enters, or null if its state stays. */
        final @Nullable MemberState next;
        /** Makes the event for the application, or null if there is none. */
        final @Nullable Function<Member, MemberEvent> event;

        Transition(@Nullable MemberState next, @Nullable Function<Member, MemberEvent> event) {
            this.next = next;
            this.event = event;
        }

        /**
         * {@return what a new message does}
         *
         * @param known the member's state, or null if the member is not known
         * @param claimed the state that the message claims
         */
        static Transition of(@Nullable MemberState known, MemberState claimed) {
            if (known == null) {
                return claimed == MemberState.ALIVE ? JOIN : IGNORE;
            }
            return switch (known) {
                case ALIVE, SUSPECT ->
                    switch (claimed) {
                        case ALIVE -> known == MemberState.ALIVE ? UPDATE : RECOVER;
                        case SUSPECT -> known == MemberState.ALIVE ? SUSPECT : CONFIRM;
                        case DEAD -> FAIL;
                        case LEFT -> LEAVE;
                    };
                case DEAD, LEFT -> claimed == MemberState.ALIVE ? JOIN : RAISE_INCARNATION;
            };
        }
    }

    /**
     * Takes over what an alive message says.
     *
     * @param known the member's record, or null if the member is not known
     * @param isNews whether others may not know it, so that it is gossiped on
     */
    void alive(@Nullable MemberRecord known, Alive alive, boolean isNews) {
        Transition transition = Transition.of(known == null ? null : known.state(), MemberState.ALIVE);
        Suspicion suspicion = known == null ? null : known.suspicion();
        byte[] oldMeta = known == null ? alive.meta() : known.meta();
        MemberRecord record = known;
        if (record == null) {
            record = table.add(alive);
        } else {
            record.clearSuspicion();
            record.update(alive);
        }
        context.counters().aliveMessages.increment();
        if (isNews) {
            dissemination.queue(record.name(), record.toAlive());
        }
        apply(record, transition);
        if (transition == Transition.RECOVER && suspicion != null) {
            flapping.refuted(record.name(), suspicion.first());
        }
        if (transition != Transition.JOIN && !Arrays.equals(oldMeta, record.meta())) {
            notify(record, MemberEvent.Updated::new);
        }
    }

    /** Begins a suspicion. */
    void suspect(MemberRecord record, Suspect suspect) {
        context.counters().suspectMessages.increment();
        dissemination.queue(record.name(), suspect);
        record.raiseIncarnation(suspect.incarnation());
        record.suspect(newSuspicion(record, suspect.from()));
        apply(record, Transition.SUSPECT);
    }

    /** Counts a confirmation of the suspicion that runs, and gossips it on if it is the first one of its sender. */
    void confirm(MemberRecord record, Suspect suspect) {
        raiseIncarnation(record, suspect.incarnation());
        Suspicion running = record.suspicion();
        if (running != null && running.confirm(suspect.from())) {
            dissemination.queue(record.name(), suspect);
        }
    }

    /** Ends a member: it has failed, or has left. */
    void end(MemberRecord record, Dead dead) {
        record.clearSuspicion();
        context.counters().deadMessages.increment();
        dissemination.queue(record.name(), dead);
        record.raiseIncarnation(dead.incarnation());
        apply(record, dead.isLeave() ? Transition.LEAVE : Transition.FAIL);
    }

    /** Raises a member's incarnation, if it is lower, and changes nothing else. */
    void raiseIncarnation(MemberRecord record, long incarnation) {
        if (incarnation > record.incarnation()) {
            record.raiseIncarnation(incarnation);
            table.publish(record);
        }
    }

    /** Lets a member enter the state that a transition leads to, and notifies the application and the extensions. */
    void apply(MemberRecord record, Transition transition) {
        boolean returns = !record.state().isLive();
        if (transition.next != null) {
            record.enter(
                    transition.next, context.loop().nanoTime(), context.loop().wallClock());
            table.publish(record);
        }
        if (!record.name().equals(context.self())) {
            log(record, transition, returns);
        }
        if (transition.event != null) {
            notify(record, transition.event);
        }
    }

    private void log(MemberRecord record, Transition transition, boolean returns) {
        switch (transition) {
            case JOIN -> changeLog.changed(returns ? LogEvent.MEMBER_RETURNED : LogEvent.MEMBER_JOINED, record);
            case LEAVE -> changeLog.changed(LogEvent.MEMBER_LEFT, record);
            case FAIL -> changeLog.changed(LogEvent.MEMBER_FAILED, record);
            default -> {}
        }
    }

    /**
     * Notifies the application and the extensions of an event.
     *
     * @param event makes the event, from the member as it is now
     */
    void notify(MemberRecord record, Function<Member, MemberEvent> event) {
        MemberEvent change = event.apply(record.view());
        flapping.changed(change);
        context.extensions().memberChanged(change);
    }

    private Suspicion newSuspicion(MemberRecord record, String from) {
        SuspicionConfig config = context.config().suspicion();
        // Two less than the multiplier, as in the Go library; none where too few members are left to confirm. The Go
        // library also counts members that failed or left, and then waits in vain for their confirmations.
        int wanted = config.multiplier() - 2;
        boolean shortens = context.lifeguard().localHealthSuspicion();
        int expected = !shortens || table.live() - 2 < wanted ? 0 : wanted;
        long min = Formulas.suspicionTimeoutNanos(
                config.multiplier(),
                table.size(),
                context.config().probe().interval().toNanos());
        Suspicion.Timeout timeout = new Suspicion.Timeout(expected, min, config.maxTimeoutMultiplier() * min);
        return new Suspicion(
                context.loop(), from, timeout, confirmations -> suspicionTimedOut(record, confirmations, expected));
    }

    private void suspicionTimedOut(MemberRecord record, int confirmations, int expected) {
        if (table.get(record.name()) != record || record.state() != MemberState.SUSPECT) {
            return;
        }
        if (isProlonged(record)) {
            return;
        }
        if (confirmations < expected) {
            context.counters().degradedSuspicions.increment();
        }
        context.log().log(LogEvent.FAILED, record.name(), confirmations);
        end(record, new Dead(record.incarnation(), record.name(), context.self()));
    }

    /** Gives a suspicion the time back for which this process stood still, within bounds, and asks again. */
    private boolean isProlonged(MemberRecord record) {
        Suspicion suspicion = record.suspicion();
        if (suspicion == null
                || !suspicion.prolong(
                        context.stalls(), context.config().probe().interval().toNanos())) {
            return false;
        }
        direct.accept(record.recipient(), new Suspect(record.incarnation(), record.name(), context.self()));
        // The ack carries the refutation, if there is one.
        direct.accept(record.recipient(), new Ping(context.acks().nextSequence(), record.name(), context.source()));
        return true;
    }
}
