package io.memberlist.messaging.broadcast;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.transport.Completion;
import java.util.List;

/** Spreads a broadcast that fits packets: to each member, or in a large cluster to one of each part, which passes it on. */
final class SmallFanOut {
    private final ExtensionContext context;
    private final Sending sending;
    private final Repair repair;

    SmallFanOut(Sending sending, Repair repair) {
        this.context = sending.context();
        this.sending = sending;
        this.repair = repair;
    }

    /** Has other members pass it on by gossip, too. */
    void gossip(Envelope envelope, long ageMillis) {
        if (!context.gossip(() -> envelope.passedOn(envelope.hops() - 1, ageMillis, HashRange.NONE))) {
            sending.counters().drop(MessageDropReason.RELAY_FULL);
        }
    }

    /** Sends packets to all these members, or to some of them, who pass the message on to the rest. */
    void send(Spread spread, List<Member> members, Completion<Void> completion) {
        int parts = members.size() <= sending.config().directTargets() ? members.size() : partsOf(members.size());
        List<Tree.Part> split =
                Tree.split(members, spread.within(), parts, sending.self().name());
        repair.digests().introduce(Tree.strangers(split, repair.peers()));
        List<Tree.Part> tree = Tree.reliable(split, repair.peers());
        if (tree.isEmpty()) {
            completion.done(null, null);
            return;
        }
        int[] left = {tree.size()};
        long now = context.loop().nanoTime();
        // One for all who pass it on to nobody: there may be thousands of them.
        byte[] forNobody = spread.message(HashRange.NONE, now);
        for (Tree.Part part : tree) {
            Member first = repair.peers()
                    .mostReliableFirst(part.members(), member -> false)
                    .get(0);
            HashRange range = part.toPassOn();
            byte[] copy = range.isNone() ? forNobody : spread.message(range, now);
            sending.outbox().toOne(first, copy, (nothing, failure) -> {
                if (--left[0] == 0) {
                    completion.done(null, null);
                }
            });
        }
    }

    /** {@return into how many parts to divide, so that each of the first receivers has about as many to serve as the sender} */
    private int partsOf(int members) {
        return Math.min(sending.config().directTargets(), (int) Math.ceil(Math.sqrt(members)));
    }
}
