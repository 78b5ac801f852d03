package io.memberlist.messaging.broadcast;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.outbox.StreamLane;
import io.memberlist.messaging.repair.Digests;
import io.memberlist.messaging.repair.Peers;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.transport.Completion;
import java.util.ArrayList;
import java.util.List;

/**
 * Spreads a large broadcast over streams: the members are divided into a few parts, one member of each gets the message
 * and passes it on within its part, if one is known that does so. Where that one cannot be reached another one of the
 * part gets it.
 */
final class LargeFanOut {
    private static final int PARTS = 4;
    /** How long one waits to hear who passes on, where nobody is known to: once for members that were never asked. */
    private static final long INTRODUCTION_NANOS = 100_000_000;

    private final ExtensionContext context;
    private final Sending sending;
    private final StreamLane streams;
    private final Peers peers;
    private final Digests digests;

    LargeFanOut(Sending sending, Repair repair) {
        this.context = sending.context();
        this.sending = sending;
        this.streams = sending.streams();
        this.peers = repair.peers();
        this.digests = repair.digests();
    }

    /** {@return whether so much waits that this member passes nothing large on for others} */
    boolean isFull() {
        return streams.full();
    }

    /**
     * Sends a large broadcast to members.
     *
     * @param members all members within the range
     * @param completion called when a member of each part has taken it; a part in which none could be reached is counted
     */
    void send(Spread spread, List<Member> members, Completion<Void> completion) {
        List<Tree.Part> parts =
                Tree.split(members, spread.within(), PARTS, sending.self().name());
        List<Member> strangers = Tree.strangers(parts, peers);
        Runnable send = () -> sendParts(spread, Tree.reliable(parts, peers), completion);
        if (strangers.isEmpty()) {
            send.run();
        } else {
            // A member of the Go library would keep to itself what it gets for others of its kind, whom no repair
            // reaches.
            digests.introduce(strangers);
            context.loop().schedule(INTRODUCTION_NANOS, send);
        }
    }

    private void sendParts(Spread spread, List<Tree.Part> parts, Completion<Void> completion) {
        if (parts.isEmpty()) {
            completion.done(null, null);
            return;
        }
        int length = spread.envelope().bytes().length;
        int[] left = {parts.size()};
        List<Throwable> failures = new ArrayList<>();
        for (Tree.Part part : parts) {
            streams.send(
                    peers.mostReliableFirst(part.members(), member -> streams.mayShareWith(member, length)),
                    length,
                    () -> spread.message(part.toPassOn(), context.loop().nanoTime()),
                    (nothing, failure) -> {
                        if (failure != null) {
                            failures.add(failure);
                            sending.counters().drop(MessageDropReason.UNREACHABLE);
                        }
                        if (--left[0] == 0) {
                            completion.done(null, failures.size() == parts.size() ? failures.get(0) : null);
                        }
                    });
        }
    }
}
