package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
 * An alive message is new if its incarnation is higher than the known one; any other message is new if its incarnation is
 * the known one or higher (SWIM, section 4.2). No message changes the state of the local member, which refutes instead.
 */
enum MemberTransition {
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
     * Only the incarnation rises. Without that, an older alive message that arrives later would bring a member back at an
     * incarnation at which it is known to have ended.
     */
    RAISE_INCARNATION(null, null);

    private final @Nullable MemberState next;
    private final @Nullable Function<Member, MemberEvent> event;

    MemberTransition(@Nullable MemberState next, @Nullable Function<Member, MemberEvent> event) {
        this.next = next;
        this.event = event;
    }

    /**
     * {@return what a new message does}
     *
     * @param known the member's state, or null if the member is not known
     * @param claimed the state that the message claims
     */
    static MemberTransition of(@Nullable MemberState known, MemberState claimed) {
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

    /** {@return the state that the member enters, or null if its state stays} */
    @Nullable
    MemberState next() {
        return next;
    }

    /** {@return what makes the event for the application, or null if there is none} */
    @Nullable
    Function<Member, MemberEvent> event() {
        return event;
    }
}
