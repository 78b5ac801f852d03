package io.memberlist.swim;

import io.memberlist.delegate.AliveDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Drops alive, suspect and dead messages that cannot be true, break a bound, or are not wanted. */
final class MessageFilter {
    /** The last incarnation there is: a member that has come to it can refute nothing any more. */
    static final long LAST_INCARNATION = 0xffff_ffffL;

    /** Suspect and dead messages stay this far below the last incarnation, so that a member can go on refuting. */
    private static final long ROOM = 0x1_0000;

    /** No member comes beyond this by refuting. */
    private static final long LAST_ALIVE = LAST_INCARNATION - ROOM / 2;

    /** A forged leave at this incarnation can still be refuted. */
    static final long LAST_LEAVE = LAST_ALIVE - 1;

    private final Context context;

    MessageFilter(Context context) {
        this.context = context;
    }

    /** {@return whether an alive message counts, of a member that may be known; if not, the drop was counted} */
    boolean accepts(Alive alive, @Nullable MemberRecord known) {
        String badName = badName(alive.node());
        if (badName != null) {
            return refused(alive, DropReason.MALFORMED, badName);
        }
        if (!Addresses.valid(alive.address(), alive.port())) {
            String detail = alive.address().length + " address bytes, port " + alive.port();
            return refused(alive, DropReason.BAD_ADDRESS, detail);
        }
        if (alive.incarnation() > LAST_ALIVE) {
            // No member gets here by refuting. If it were accepted, no later message of this member would count.
            return refused(alive, DropReason.BAD_INCARNATION, "incarnation " + alive.incarnation());
        }
        if (alive.meta().length > Member.META_MAX_SIZE) {
            return refused(alive, DropReason.TOO_LARGE, alive.meta().length + " bytes of metadata");
        }
        if (!Versions.plausible(alive.versions())) {
            String detail = "protocol version(s) are wrong: " + Versions.of(alive.versions());
            return refused(alive, DropReason.BAD_VERSIONS, detail);
        }
        String incompatible = incompatibility(alive, known);
        if (incompatible != null) {
            // The Go library takes it in, and then exchanges state with nobody: it would refuse the whole of every
            // state.
            return refused(alive, DropReason.BAD_VERSIONS, incompatible);
        }
        InetSocketAddress from =
                known != null && known.isAt(alive.address(), alive.port()) ? known.address() : Addresses.of(alive);
        InetAddress address = from.getAddress();
        if (!Addresses.ofOneMachine(address)) {
            return refused(alive, DropReason.BAD_ADDRESS, address.getHostAddress() + " is no member's address");
        }
        if (!context.allows(address)) {
            String detail = address.getHostAddress() + " is outside of the allowed networks";
            return refused(alive, DropReason.NOT_ALLOWED, detail);
        }
        return !vetoed(alive);
    }

    private @Nullable String incompatibility(Alive alive, @Nullable MemberRecord known) {
        if (known != null && Arrays.equals(known.versions(), alive.versions())) {
            return null; // judged when they were first heard, and most news repeats them
        }
        Member self = context.table().published(context.self());
        return self == null ? null : Versions.incompatibility(self, alive.node(), alive.versions());
    }

    private boolean refused(Alive alive, DropReason reason, String why) {
        context.droppedAbout(alive.node(), reason, LogEvent.ALIVE_IGNORED, alive.node(), why);
        return false;
    }

    private static @Nullable String badName(String name) {
        if (name.isEmpty()) {
            return "it has no name";
        }
        if (isTooLong(name)) {
            return "its name is longer than " + Message.MAX_MEMBER_FIELD + " bytes";
        }
        // A plain loop, since this runs for every alive message.
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return "its name has control characters";
            }
        }
        return null;
    }

    private static boolean isTooLong(String name) {
        // Counted only where it could matter: a char takes up to three bytes.
        return name.length() > Message.MAX_MEMBER_FIELD
                || name.length() * 3 > Message.MAX_MEMBER_FIELD
                        && name.getBytes(StandardCharsets.UTF_8).length > Message.MAX_MEMBER_FIELD;
    }

    /**
     * {@return whether a message could not be refuted, or not for long, since few incarnations are left above its own} If
     * so, the drop was counted. This concerns messages of others only: what this member finds by probing always counts.
     */
    boolean cannotBeRefuted(long incarnation, String node) {
        if (leavesNoRoom(incarnation)) {
            context.droppedAbout(node, DropReason.BAD_INCARNATION, LogEvent.CANNOT_BE_REFUTED, node, incarnation);
            return true;
        }
        return false;
    }

    /**
     * {@return whether a dead message could not be refuted, as {@link #cannotBeRefuted(long, String)}} A member that was driven
     * up to the bound by forged suspicions must still be able to leave, so its own word counts a little above it.
     */
    boolean cannotBeRefuted(Dead dead) {
        boolean heard = dead.isLeave() && dead.incarnation() <= LAST_LEAVE;
        return !heard && cannotBeRefuted(dead.incarnation(), dead.node());
    }

    /** {@return whether few or no incarnations are left above one that somebody else names} */
    static boolean leavesNoRoom(long incarnation) {
        return incarnation > LAST_INCARNATION - ROOM;
    }

    private boolean vetoed(Alive alive) {
        AliveDelegate delegate = context.config().delegates().alive();
        if (delegate == null) {
            return false;
        }
        try {
            delegate.verifyAlive(described(alive));
            return false;
        } catch (Throwable e) {
            context.droppedAbout(alive.node(), DropReason.VETOED, LogEvent.ALIVE_VETOED, alive.node(), e.getMessage());
            return true;
        }
    }

    /** A member as an alive message with a valid address describes it. */
    private Member described(Alive alive) {
        return MemberRecord.described(alive, MemberState.ALIVE, context.loop().wallClock());
    }
}
