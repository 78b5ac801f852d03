package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.metrics.Measurement;
import io.memberlist.wire.PacketCodec;
import java.util.List;

/**
 * Sends waiting broadcasts to a few random members, again and again. A round begins when the packets of the last have
 * left: where the network takes none, broadcasts wait in their queue, and do not all leave at once when it wakes. While nothing
 * waits, or nobody is there to hear it, there are no rounds, and no timer wakes the processor.
 */
final class Gossiper {
    private static final int THIRDS = 3;
    private static final long SETTLED_NANOS = 30_000_000_000L;

    private final Context context;
    private final MemberRecord me;
    private final Dissemination dissemination;
    private final PacketSender sender;
    final PeriodicTask rounds;
    private int round;

    Gossiper(Context context, MemberRecord me, Dissemination dissemination, PacketSender sender) {
        this.context = context;
        this.me = me;
        this.dissemination = dissemination;
        this.sender = sender;
        this.rounds = new PeriodicTask(
                context.loop(),
                () -> context.config().gossip().interval().toNanos(),
                this::round,
                late -> context.counters().measure(Measurement.LOOP_LAG, late));
        dissemination.whenFilled(rounds::wake);
    }

    private void round(Runnable over) {
        if (dissemination.isIdle() || context.table().isAlone()) {
            rounds.rest();
            over.run();
            return;
        }
        long begunNanos = context.loop().nanoTime();
        int nodes = context.config().gossip().nodes();
        Runnable measured = () -> {
            context.counters().measure(Measurement.GOSSIP_TIME, context.loop().nanoTime() - begunNanos);
            over.run();
        };
        dissemination.askDelegate(nodes, PacketCodec.COMPOUND_ENTRY);
        List<MemberRecord> targets =
                dissemination.size() == 0 ? List.of() : context.table().random(nodes, known(nodes), this::mayHear);
        if (targets.isEmpty()) {
            measured.run();
            return;
        }
        int[] unsent = {targets.size()};
        for (MemberRecord target : targets) {
            sender.gossip(target, (nothing, failure) -> {
                if (--unsent[0] == 0) {
                    measured.run();
                }
            });
        }
    }

    /**
     * {@return how many receivers of a round have surely existed: two of three on average} While a cluster forms, most members
     * have answered hardly anybody, and gossip must not go to the same few again and again.
     */
    private int known(int nodes) {
        boolean settled = context.table().sinceMetOthersNanos() >= SETTLED_NANOS;
        return settled ? (2 * nodes + round++ % THIRDS) / THIRDS : 0;
    }

    /** {@return whether gossip goes to a member} The recently dead get it too, so that one that lives can refute. */
    private boolean mayHear(MemberRecord record) {
        if (record == me) {
            return false;
        }
        return record.state().isLive()
                || record.state() == MemberState.DEAD
                        && context.loop().nanoTime() - record.stateSinceNanos()
                                <= context.config().gossip().toTheDeadTime().toNanos();
    }
}
