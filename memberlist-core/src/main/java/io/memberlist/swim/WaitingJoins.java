package io.memberlist.swim;

import io.memberlist.transport.AddressQuota;
import io.memberlist.wire.Message.PushPull;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * The newcomers that wait for their first exchange, while as many exchanges are served as may be at a time. Where many join
 * together, one that is refused comes back a second later, and asks another time for what it has missed meanwhile. An exchange
 * of a member that knows others can be refused: it is repeated anyhow, and takes more memory while it waits.
 */
final class WaitingJoins {
    private static final int MOST_WAITING = 4096;

    /** A newcomer knows itself, and perhaps a few that joined with it. */
    private static final int MOST_NODES = 8;

    private static final int MOST_STATE_BYTES = 1024;

    private final AddressQuota waitingBy = new AddressQuota(MOST_WAITING);
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(InetAddress from, Runnable serve) {}

    /** {@return whether the exchange waits: it is one of a newcomer, and not too many wait} */
    boolean offer(InetAddress from, PushPull remote, Runnable serve) {
        boolean isSmall = remote.nodes().size() <= MOST_NODES && remote.userState().length <= MOST_STATE_BYTES;
        boolean waits = remote.join() && isSmall && waitingBy.tryAcquire(from, 1);
        return waits && waiting.add(new Waiting(from, serve));
    }

    /** Serves the one that has waited longest, of those whose address may be served. */
    void next(AddressQuota serving) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (serving.tryAcquire(next.from, 1)) {
                each.remove();
                waitingBy.release(next.from, 1);
                next.serve.run();
                return;
            }
        }
    }
}
