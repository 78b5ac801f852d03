package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import java.util.function.BiConsumer;

/**
 * Announces this member to others directly when its process goes on after it stood still for long. Those that have given it up
 * meanwhile, or forgotten it, answer that they have, and it refutes. A refutation soon after goes the same way: gossip by itself
 * passes by one of fifty members, which then suspects for seconds.
 */
final class WakeUp {
    private static final int DIRECT_MESSAGES = 32;

    /** A process that stands still again and again announces itself once in so many probe intervals. */
    private static final int PAUSE_INTERVALS = 10;

    private static final int MAX_ANNOUNCEMENTS = 3;

    private final Context context;
    private final LocalMember local;
    private final BiConsumer<Recipient, Message> direct;
    private long wokeNanos;
    private int announcementsLeft;

    /** @param direct sends a message to one member, beside gossip */
    WakeUp(Context context, LocalMember local, BiConsumer<Recipient, Message> direct) {
        this.context = context;
        this.local = local;
        this.direct = direct;
        this.wokeNanos = context.loop().nanoTime() - pauseNanos();
        context.stalls().listener(this::woke);
    }

    private void woke(long stalledNanos) {
        long now = context.loop().nanoTime();
        if (stalledNanos >= context.config().probe().interval().toNanos() && now - wokeNanos >= pauseNanos()) {
            wokeNanos = now;
            announcementsLeft = MAX_ANNOUNCEMENTS;
            announce();
        }
    }

    /** This member has refuted that it is suspected or dead. */
    void refuted() {
        if (context.loop().nanoTime() - wokeNanos < pauseNanos()) {
            announce();
        }
    }

    private long pauseNanos() {
        return PAUSE_INTERVALS * context.config().probe().interval().toNanos();
    }

    private void announce() {
        // While a cluster forms, members stand still because of those that join, and nobody has suspected them yet.
        if (announcementsLeft == 0 || local.left() || context.table().isForming(0)) {
            return;
        }
        announcementsLeft--;
        Alive alive = local.record().toAlive();
        context.table()
                .random(
                        DIRECT_MESSAGES,
                        DIRECT_MESSAGES,
                        other -> other != local.record() && other.state().isLive())
                .forEach(other -> direct.accept(other.recipient(), alive));
    }
}
