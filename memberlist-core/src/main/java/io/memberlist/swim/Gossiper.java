package io.memberlist.swim;

import io.memberlist.MemberState;
import io.memberlist.delegate.Measurement;
import io.memberlist.wire.PacketCodec;

/** Sends waiting broadcasts to a few random members, again and again. */
final class Gossiper {
    private final Context context;
    private final Membership membership;
    private final Dissemination dissemination;
    private final PacketSender sender;
    private final PeriodicTask rounds;

    Gossiper(Context context, Membership membership, Dissemination dissemination, PacketSender sender) {
        this.context = context;
        this.membership = membership;
        this.dissemination = dissemination;
        this.sender = sender;
        this.rounds = new PeriodicTask(
                context.loop(),
                () -> context.config().gossipInterval().toNanos(),
                this::timedRound,
                late -> context.counters().measure(Measurement.LOOP_LAG, late));
    }

    void start() {
        rounds.start();
    }

    void stop() {
        rounds.stop();
    }

    private void timedRound() {
        long begunNanos = context.loop().nanoTime();
        round();
        context.counters().measure(Measurement.GOSSIP_TIME, context.loop().nanoTime() - begunNanos);
    }

    private void round() {
        dissemination.askDelegate(context.config().gossipNodes(), PacketCodec.COMPOUND_ENTRY);
        if (dissemination.size() == 0) {
            return;
        }
        for (MemberRecord target : context.table().random(context.config().gossipNodes(), this::mayHear)) {
            sender.gossip(target);
        }
    }

    /** The recently dead are told too, so that one who lives after all can refute. */
    private boolean mayHear(MemberRecord record) {
        if (record == membership.me()) {
            return false;
        }
        return record.state().isLive()
                || record.state() == MemberState.DEAD
                        && context.loop().nanoTime() - record.stateSinceNanos()
                                <= context.config().gossipToTheDeadTime().toNanos();
    }
}
