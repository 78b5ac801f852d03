package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The addresses that this member advertised before it moved, and how to correct a member that still names one of them. Only
 * an address of this very process counts: at another one lives a namesake, and this member must not announce its end.
 */
final class FormerAddresses {
    private static final int KEPT = 16;

    private final MemberRecord me;
    private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();

    FormerAddresses(MemberRecord me) {
        this.me = me;
    }

    /** Remembers the present address, which this member is about to give up. */
    void addPresent() {
        if (!addresses.contains(me.address())) {
            addresses.add(me.address());
        }
        if (addresses.size() > KEPT) {
            addresses.remove();
        }
    }

    /** {@return whether this member has advertised a valid address and does so no longer} */
    boolean contains(byte[] address, int port) {
        return !addresses.isEmpty() && !me.isAt(address, port) && addresses.contains(Addresses.of(address, port));
    }

    /** {@return whether an entry is about a process that is alive or suspected} */
    static boolean isLive(PushPullNode node) {
        return node.state() == MemberState.ALIVE.ordinal() || node.state() == MemberState.SUSPECT.ordinal();
    }

    /** {@return whether the sender of this entry of a push/pull knows this member at a former address} */
    boolean isOutdated(PushPullNode node) {
        return node.name().equals(me.name())
                && Addresses.valid(node.address(), node.port())
                && contains(node.address(), node.port())
                && node.state() != MemberState.LEFT.ordinal();
    }

    /**
     * {@return the entries of a push/pull that lead a member from the former address to the present one, in their order} A
     * member that takes this one for dead must take it back before it believes that it has left. The last of the incarnations
     * is the one of this member.
     */
    List<PushPullNode> corrections(PushPullNode outdated) {
        long leaving = me.incarnation() - 1;
        List<PushPullNode> entries = new ArrayList<>();
        if (!isLive(outdated)) {
            entries.add(at(outdated, leaving, MemberState.ALIVE));
        }
        entries.add(at(outdated, leaving, MemberState.LEFT));
        entries.add(me.toPushPullNode());
        return entries;
    }

    /** {@return the lowest incarnation with which this member can correct an entry} */
    static long neededFor(PushPullNode outdated) {
        return outdated.incarnation() + (isLive(outdated) ? 1 : 2);
    }

    private PushPullNode at(PushPullNode former, long incarnation, MemberState state) {
        Alive now = me.toAlive();
        return new PushPullNode(
                me.name(), former.address(), former.port(), now.meta(), incarnation, state.ordinal(), now.versions());
    }
}
