package io.memberlist.swim;

import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Suspect;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes in the whole state of another member, unless it does not fit or the application refuses it. */
final class StateMerge {
    /** Takes well below a millisecond. */
    private static final int SLICE = 256;

    private final Context context;
    private final Membership membership;
    private final MessageFilter filter;
    private boolean stopped;

    StateMerge(Context context, Membership membership) {
        this.context = context;
        this.membership = membership;
        this.filter = new MessageFilter(context);
    }

    void stop() {
        stopped = true;
    }

    /**
     * Takes in a state.
     *
     * @param join whether a member that was not in this cluster has begun the exchange, or this member to join another one
     * @param merged called on the loop when all of it is merged, unless it is refused; at once where it is small
     * @return why the state is refused, which is logged, or null if it is not
     */
    @Nullable
    Throwable take(Teller teller, PushPull remote, boolean join, Runnable merged) {
        InetAddress from = teller.address();
        if (stopped) {
            // It was being decoded off the loop when the member was shut down, and would begin suspicions.
            return new TransportException("this member has been shut down");
        }
        String incompatible = incompatibility(remote);
        if (incompatible != null) {
            return refused(from, new TransportException(incompatible));
        }
        if (remote.unreadable() > 0) {
            context.dropped(
                    DropReason.MALFORMED, LogEvent.ENTRIES_UNREADABLE, from.getHostAddress(), remote.unreadable());
        }
        MergeDelegate veto = context.config().delegates().merge();
        if (join && veto != null) {
            try {
                veto.verifyMerge(members(remote));
            } catch (Throwable e) {
                context.counters().drop(DropReason.VETOED);
                return refused(from, new TransportException("merge refused: " + e.getMessage(), e));
            }
        }
        merge(teller, remote.nodes(), join, () -> {
            StateDelegate delegate = context.config().delegates().state();
            if (delegate != null && remote.userState().length > 0 && !isOwn(remote)) {
                // What waits is bounded; state that is dropped comes again with the next exchange.
                byte[] state = remote.userState();
                context.callbacks().offer(state.length, () -> delegate.mergeRemoteState(state, join));
            }
            merged.run();
        });
        return null;
    }

    /** A seed may be this member itself, which it asks again as long as it is alone. Its own state is no news. */
    private boolean isOwn(PushPull remote) {
        return !remote.nodes().isEmpty()
                && remote.nodes().stream().allMatch(node -> node.name().equals(context.self()));
    }

    /**
     * {@return why this member understands none of the others that live on the other side, or null} One that it understands is
     * enough: the filter leaves out the others, and says so.
     */
    private @Nullable String incompatibility(PushPull remote) {
        Member self = membership.local().record().view();
        String problem = null;
        for (PushPullNode node : remote.nodes()) {
            if (FormerAddresses.isLive(node) && !node.name().equals(self.name())) {
                problem = Versions.incompatibility(self, node.name(), node.versions());
                if (problem == null) {
                    return null;
                }
            }
        }
        return problem;
    }

    private Throwable refused(InetAddress from, Throwable why) {
        context.log().log(LogEvent.MERGE_REFUSED, from.getHostAddress(), why.getMessage());
        return why;
    }

    private List<Member> members(PushPull remote) {
        MemberState[] states = MemberState.values();
        return remote.nodes().stream()
                .filter(node -> Addresses.valid(node.address(), node.port()))
                .filter(node -> node.state() >= 0 && node.state() < states.length)
                .map(node -> MemberRecord.described(
                        node.toAlive(), states[node.state()], context.loop().wallClock()))
                .toList();
    }

    /**
     * Merges entry by entry. A large state is merged in slices, between which the loop does its other work: a member that stands
     * still for as long as 100 000 entries take is believed failed.
     *
     * @param merged called on the loop when all entries are merged; at once where there are few
     */
    void merge(Teller teller, List<PushPullNode> nodes, boolean join, Runnable merged) {
        mergeSlice(teller, nodes, context.table().live() > 1 && (join || !membership.isCatchingUp()), merged);
    }

    private void mergeSlice(Teller teller, List<PushPullNode> nodes, boolean isNews, Runnable merged) {
        int end = Math.min(nodes.size(), SLICE);
        nodes.subList(0, end).forEach(node -> merge(teller, node, isNews));
        if (end == nodes.size()) {
            merged.run();
            return;
        }
        List<PushPullNode> rest = nodes.subList(end, nodes.size());
        // By a timer: a loop runs tasks that tasks add before it looks at its timers and sockets again.
        context.loop().schedule(0, () -> {
            if (stopped) {
                merged.run();
            } else {
                mergeSlice(teller, rest, isNews, merged);
            }
        });
    }

    private void merge(Teller teller, PushPullNode node, boolean isNews) {
        switch (node.state()) {
            case 0 -> membership.alive(teller, node.toAlive(), isNews);
            case 3 -> membership.dead(new Dead(node.incarnation(), node.name(), node.name()));
            // Even the dead are only suspected, in this member's name, so that those who live can refute.
            case 1, 2 -> {
                if (membership.dispute().isNamesake(node)) {
                    membership.local().outbid(node.incarnation());
                } else {
                    suspect(teller.address(), node);
                }
            }
            default ->
                context.droppedAbout(
                        node.name(), DropReason.MALFORMED, LogEvent.UNKNOWN_STATE, node.name(), node.state());
        }
    }

    private void suspect(InetAddress from, PushPullNode node) {
        if (filter.cannotBeRefuted(node.incarnation(), node.name())) {
            return;
        }
        String source = "push/pull with " + from.getHostAddress();
        boolean isDead = node.state() == MemberState.DEAD.ordinal();
        if (isDead
                && node.name().equals(context.self())
                && !membership.dispute().isOpen()) {
            membership.local().declaredDead(node.incarnation(), source);
        }
        String doubted = membership.flapping().doubtedAt(from);
        String accuser = doubted == null ? context.self() : doubted;
        membership.accept(new Suspect(node.incarnation(), node.name(), context.self()), accuser, source);
    }
}
