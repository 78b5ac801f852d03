package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Suspect;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what {@link Membership} decides: changes a member's record, shows the change to other threads, gossips the
 * message on and notifies the application.
 */
final class MemberChanges {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final Context context;
    private final Dissemination dissemination;
    private final MemberTable table;

    MemberChanges(Context context, Dissemination dissemination) {
        this.context = context;
        this.dissemination = dissemination;
        this.table = context.table();
    }

    /**
     * Takes over what an alive message says.
     *
     * @param known the member's record, or null if the member is not known
     */
    void alive(@Nullable MemberRecord known, Alive alive) {
        MemberTransition transition = MemberTransition.of(known == null ? null : known.state(), MemberState.ALIVE);
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
        }
        context.counters().aliveMessages.increment();
        dissemination.queue(record.name(), record.toAlive());
        apply(record, transition);
        if (transition != MemberTransition.JOIN && !Arrays.equals(oldMeta, record.meta())) {
            notify(record, MemberEvent.Updated::new);
        }
    }

    /** Begins a suspicion. */
    void suspect(MemberRecord record, Suspect suspect) {
        context.counters().suspectMessages.increment();
        dissemination.queue(record.name(), suspect);
        record.raiseIncarnation(suspect.incarnation());
        record.suspect(newSuspicion(record, suspect.from()));
        apply(record, MemberTransition.SUSPECT);
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
        apply(record, dead.isLeave() ? MemberTransition.LEAVE : MemberTransition.FAIL);
    }

    /** Raises a member's incarnation, if it is lower, and changes nothing else. */
    void raiseIncarnation(MemberRecord record, long incarnation) {
        if (incarnation > record.incarnation()) {
            record.raiseIncarnation(incarnation);
            table.publish(record);
        }
    }

    /** Lets a member enter the state that a transition leads to, and notifies the application and the extensions. */
    void apply(MemberRecord record, MemberTransition transition) {
        if (transition.next() != null) {
            record.enter(
                    transition.next(), context.loop().nanoTime(), context.loop().wallClock());
            table.publish(record);
        }
        if (transition.event() != null) {
            notify(record, transition.event());
        }
    }

    /**
     * Notifies the application and the extensions of an event.
     *
     * @param event makes the event, from the member as it is now
     */
    void notify(MemberRecord record, Function<Member, MemberEvent> event) {
        EventDelegate delegate = context.config().delegates().event();
        if (delegate == null && context.extensions().isEmpty()) {
            return;
        }
        MemberEvent change = event.apply(record.view());
        if (delegate != null) {
            context.callbacks().event(delegate, change);
        }
        context.extensions().memberChanged(change);
    }

    private Suspicion newSuspicion(MemberRecord record, String from) {
        MemberlistConfig config = context.config();
        int n = table.size();
        // Two less than the multiplier, as in the Go library; none where too few members are left to confirm. The Go
        // library also counts members that failed or left, and then waits in vain for their confirmations.
        int wanted = config.suspicion().multiplier() - 2;
        boolean shortens = context.lifeguard().localHealthSuspicion();
        int expected = !shortens || table.live() - 2 < wanted ? 0 : wanted;
        long min = Formulas.suspicionTimeoutNanos(
                config.suspicion().multiplier(), n, config.probe().interval().toNanos());
        long max = config.suspicion().maxTimeoutMultiplier() * min;
        return new Suspicion(
                context.loop(),
                from,
                expected,
                min,
                max,
                confirmations -> suspicionTimedOut(record, confirmations, expected));
    }

    private void suspicionTimedOut(MemberRecord record, int confirmations, int expected) {
        if (table.get(record.name()) != record || record.state() != MemberState.SUSPECT) {
            return;
        }
        if (confirmations < expected) {
            context.counters().degradedSuspicions.increment();
        }
        log.info(
                "{}: Marking {} as failed, suspect timeout reached ({} peer confirmations)",
                context.self(),
                record.name(),
                confirmations);
        end(record, new Dead(record.incarnation(), record.name(), context.self()));
    }
}
