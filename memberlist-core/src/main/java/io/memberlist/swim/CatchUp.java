package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import java.util.function.BiConsumer;

/**
 * Lets a newcomer exchange state again soon after its first exchange, until that teaches it nothing more. Gossip reaches only
 * those that its sender knows: what was gossiped while a newcomer's first exchange was under way, or while others did not know
 * the newcomer yet, has passed it by. Where many join together that is most of what there is to know, and the periodic exchange
 * comes after half a minute.
 *
 * <p>Therefore what a newcomer learns in its first exchange is no news that it has to gossip: whoever missed it asks as well.
 */
final class CatchUp {
    private static final int PAUSE_IN_ROUNDS_OF_GOSSIP = 3;
    private static final int MAX_EXCHANGES = 5;

    private final Context context;
    private final BiConsumer<Recipient, Completion<Void>> exchange;
    private EventLoop.Timer timer = () -> {};
    private boolean stopped;

    /** @param exchange exchanges state with a member */
    CatchUp(Context context, BiConsumer<Recipient, Completion<Void>> exchange) {
        this.context = context;
        this.exchange = exchange;
    }

    /** This member has met others, of whom it knew nobody. */
    void begin() {
        timer.cancel();
        exchangeLater(1);
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    /** Members that joined together do not ask together. */
    private void exchangeLater(int number) {
        long pauseNanos =
                PAUSE_IN_ROUNDS_OF_GOSSIP * context.config().gossip().interval().toNanos();
        if (!stopped && number <= MAX_EXCHANGES && pauseNanos > 0) {
            long delayNanos = pauseNanos + context.loop().random().nextLong(pauseNanos);
            timer = context.loop().schedule(delayNanos, () -> exchange(number));
        }
    }

    private void exchange(int number) {
        int before = context.table().live();
        context.table()
                .random(
                        1,
                        0,
                        record -> record.state() == MemberState.ALIVE
                                && !record.name().equals(context.self()))
                .forEach(member -> exchange.accept(member.recipient(), (nothing, failure) -> {
                    if (failure != null || context.table().live() > before) {
                        exchangeLater(number + 1);
                    }
                }));
    }
}
