package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;

/**
 * Lets a newcomer exchange state again soon after its first exchange, until that teaches it nothing more. Gossip reaches only
 * those that its sender knows: what was gossiped while a newcomer's first exchange was under way, or while others did not know
 * the newcomer yet, has passed it by. Where many join together that is most of what there is to know, and the periodic exchange
 * comes after half a minute.
 *
 * <p>It asks first whom it has asked before: a seed has met everybody who has joined meanwhile, while the members that a newcomer
 * knows have joined before it, and know less. Then it asks others, to find what has passed the seed by.
 *
 * <p>Meanwhile a newcomer hardly gossips whom it meets. It is among the last to hear of them: those who were there before it gossip
 * them, and other newcomers ask as well.
 */
final class CatchUp {
    private static final int PAUSE_IN_ROUNDS_OF_GOSSIP = 3;
    private static final int MAX_EXCHANGES = 5;

    private final Context context;
    private final Membership membership;
    private final BiConsumer<Recipient, Completion<Void>> exchange;
    private EventLoop.Timer timer = () -> {};
    private final Queue<InetSocketAddress> seeds = new ArrayDeque<>();
    private boolean stopped;

    /** @param exchange exchanges state with a member */
    CatchUp(Context context, Membership membership, BiConsumer<Recipient, Completion<Void>> exchange) {
        this.context = context;
        this.membership = membership;
        this.exchange = exchange;
    }

    /**
     * This member has met others, of whom it knew nobody.
     *
     * @param teller who has told of them
     */
    void begin(Teller teller) {
        seeds.clear();
        timer.cancel();
        membership.setCatchingUp(true);
        askAgain(teller);
        exchangeLater(1);
    }

    /** Another seed has told this newcomer of others still. It may be in a part of the cluster that does not know the first. */
    void askAgain(Teller teller) {
        InetSocketAddress seed = teller.asked();
        if (seed != null && membership.isCatchingUp()) {
            seeds.add(seed);
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    /** Members that joined together do not ask together. */
    private void exchangeLater(int number) {
        long pauseNanos =
                PAUSE_IN_ROUNDS_OF_GOSSIP * context.config().gossip().interval().toNanos();
        if (stopped || number > MAX_EXCHANGES || pauseNanos == 0) {
            membership.setCatchingUp(false);
            return;
        }
        long delayNanos = pauseNanos + context.loop().random().nextLong(pauseNanos);
        timer = context.loop().schedule(delayNanos, () -> exchange(number));
    }

    private void exchange(int number) {
        int before = context.table().live();
        Completion<Void> completion = (nothing, failure) -> {
            if (failure != null || context.table().live() > before || !seeds.isEmpty()) {
                exchangeLater(number + 1);
            } else {
                membership.setCatchingUp(false);
            }
        };
        InetSocketAddress seed = seeds.poll();
        MemberRecord asked = seed == null ? null : context.table().live(seed);
        List<MemberRecord> chosen = asked != null && mayBeAsked(asked)
                ? List.of(asked)
                : context.table().random(1, 0, this::mayBeAsked);
        if (chosen.isEmpty()) {
            membership.setCatchingUp(false);
        }
        chosen.forEach(member -> exchange.accept(member.recipient(), completion));
    }

    private boolean mayBeAsked(MemberRecord record) {
        return record.state() == MemberState.ALIVE && !record.name().equals(context.self());
    }
}
