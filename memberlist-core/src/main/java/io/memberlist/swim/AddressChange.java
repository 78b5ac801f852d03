package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;

/**
 * Announces that this member has another address. Other members, those on the Go library too, take an alive message with
 * another address for a name conflict, unless they know the member as left. So this member announces three messages:
 *
 * <ol>
 *   <li>It is alive at the former address. Who has declared it dead meanwhile takes it back; without that, the next message
 *       would be ignored.
 *   <li>It leaves.
 *   <li>It is alive at the new address.
 * </ol>
 *
 * Between them gossip has time to reach everybody, since a member of the Go library handles alive messages before others.
 * Each message goes to some members directly as well. At the end a few members are asked what they believe, and {@link
 * FormerAddresses} corrects those that still name the former address, also in every later push/pull.
 */
final class AddressChange {
    private static final int DIRECT_MESSAGES = 32;
    private static final int ROUNDS_OF_GOSSIP = 5;
    private static final long SHORTEST_PAUSE_NANOS = 500_000_000L;

    private final Context context;
    private final LocalMember local;
    private final Dissemination dissemination;
    private final BiConsumer<Recipient, Message> direct;
    private final StateSync stateSync;
    /** The address that others know. */
    private Alive announced;

    private EventLoop.Timer timer = () -> {};

    /** @param direct sends a message to one member, beside gossip */
    AddressChange(
            Context context,
            LocalMember local,
            Dissemination dissemination,
            BiConsumer<Recipient, Message> direct,
            StateSync stateSync) {
        this.context = context;
        this.local = local;
        this.dissemination = dissemination;
        this.direct = direct;
        this.stateSync = stateSync;
        this.announced = local.record().toAlive();
    }

    void stop() {
        timer.cancel();
    }

    /** Advertises another address from now on. */
    void moveTo(InetSocketAddress next) {
        timer.cancel();
        long leaving = local.moveTo(next) - 1;
        if (context.table().size() == 1 || local.left()) {
            // nobody knows the former address, or everybody knows that this member has left it
            arrive();
            return;
        }
        MemberRecord me = local.record();
        Alive former =
                new Alive(leaving, context.self(), announced.address(), announced.port(), me.meta(), me.versions());
        announce(former);
        after(() -> {
            announce(new Dead(leaving, context.self(), context.self()));
            after(this::arrive);
        });
    }

    private void arrive() {
        announced = local.record().toAlive();
        if (!local.left()) {
            announce(announced);
            after(this::askOthers);
        }
    }

    private void askOthers() {
        Queue<Recipient> others = new ArrayDeque<>();
        context.table()
                .random(
                        DIRECT_MESSAGES,
                        known -> known != local.record() && known.state().isLive())
                .forEach(other -> others.add(other.recipient()));
        stateSync.exchangeWithEach(others);
    }

    private void after(Runnable next) {
        long gossipNanos = context.config().gossip().interval().toNanos();
        timer = context.loop().schedule(Math.max(SHORTEST_PAUSE_NANOS, ROUNDS_OF_GOSSIP * gossipNanos), () -> {
            if (!local.left()) {
                next.run();
            }
        });
    }

    private void announce(Message message) {
        dissemination.queue(context.self(), message);
        // This member may have been without a network, and take the others for dead.
        context.table()
                .random(DIRECT_MESSAGES, known -> known != local.record() && known.state() != MemberState.LEFT)
                .forEach(other -> direct.accept(other.recipient(), message));
    }
}
