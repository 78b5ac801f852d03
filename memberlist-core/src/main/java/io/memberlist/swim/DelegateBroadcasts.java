package io.memberlist.swim;

import io.memberlist.delegate.Delegate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The broadcasts of a {@link Delegate}. The Go library asks for them while it fills each packet; here the application is
 * never asked on the loop, so each round of gossip asks for what the packets of the next round shall carry.
 */
final class DelegateBroadcasts {
    private final Context context;
    private final Deque<List<byte[]>> ready = new ArrayDeque<>();
    private boolean asking;
    private int maxPayload;

    DelegateBroadcasts(Context context) {
        this.context = context;
    }

    /**
     * Asks the application once for each of so many packets, unless what it gave before is still here.
     *
     * @param limit bytes in a packet with nothing else in it
     */
    void ask(int packets, int overhead, int limit) {
        maxPayload = limit;
        Delegate delegate = context.config().delegate();
        if (delegate == null || asking || !ready.isEmpty()) {
            return;
        }
        asking = true;
        context.callbacks().call(() -> {
            List<List<byte[]>> answers = new ArrayList<>();
            try {
                for (int i = 0; i < packets; i++) {
                    answers.add(List.copyOf(delegate.broadcasts(overhead, limit)));
                }
            } finally {
                context.loop().execute(() -> {
                    asking = false;
                    answers.stream().filter(answer -> !answer.isEmpty()).forEach(ready::add);
                });
            }
        });
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    /** {@return the payloads for one packet; what it has no room for comes with the next} */
    List<byte[]> take(int overhead, int limit) {
        List<byte[]> waiting = ready.peek();
        if (waiting == null) {
            return List.of();
        }
        ready.remove();
        List<byte[]> fitting = new ArrayList<>();
        List<byte[]> later = new ArrayList<>();
        int free = limit;
        for (byte[] payload : waiting) {
            if (overhead + payload.length <= free) {
                fitting.add(payload);
                free -= overhead + payload.length;
            } else if (overhead + payload.length <= maxPayload) {
                later.add(payload);
            } else {
                context.drops()
                        .warn(
                                DropReason.TOO_LARGE,
                                "a broadcast of the delegate does not fit a packet",
                                payload.length + " bytes");
            }
        }
        if (!later.isEmpty()) {
            ready.addFirst(later);
        }
        return fitting;
    }
}
