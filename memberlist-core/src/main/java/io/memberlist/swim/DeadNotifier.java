package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPullNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Sends a member that is known here as dead, or as gone, a dead message about itself, so that it can refute. The member
 * may have restarted and count its incarnations from one again, or may wake after the time in which gossip still reaches
 * the dead; the Go library leaves it out then.
 *
 * <p>The ping or alive message that causes this names the address to send to, and anybody can forge it. Without a limit
 * a member would send as many packets to somebody else as it is asked for. A member that is not notified for that reason
 * is notified at its next ping.
 */
final class DeadNotifier {
    /** How many members are notified within one window. */
    private static final int MAX_PER_WINDOW = 128;

    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final Context context;
    private final BiConsumer<Recipient, Message> direct;
    private final Set<String> notified = new HashSet<>();
    private long windowStartNanos;

    /** @param direct sends a message to one member, beside gossip */
    DeadNotifier(Context context, BiConsumer<Recipient, Message> direct) {
        this.context = context;
        this.direct = direct;
        this.windowStartNanos = context.loop().nanoTime();
    }

    /** Notifies a member of its end, unless it or too many others were notified within the last second. */
    void notify(Recipient member, PushPullNode end) {
        long now = context.loop().nanoTime();
        if (now - windowStartNanos >= WINDOW_NANOS) {
            windowStartNanos = now;
            notified.clear();
        }
        if (notified.size() < MAX_PER_WINDOW && notified.add(end.name())) {
            boolean left = end.state() == MemberState.LEFT.ordinal();
            direct.accept(member, new Dead(end.incarnation(), end.name(), left ? end.name() : context.self()));
        }
    }
}
