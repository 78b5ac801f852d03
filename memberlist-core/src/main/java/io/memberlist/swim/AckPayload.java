package io.memberlist.swim;

import io.memberlist.delegate.PingDelegate;

/**
 * What the application adds to acks. An ack cannot wait for the application, so it carries what the application said
 * last; each use asks for the next one.
 */
final class AckPayload {
    private static final byte[] NONE = new byte[0];

    private final Context context;
    private byte[] latest = NONE;
    private boolean asking;

    AckPayload(Context context) {
        this.context = context;
    }

    /** {@return the payload for an ack sent now} */
    byte[] current() {
        byte[] current = latest;
        refresh();
        return current;
    }

    void refresh() {
        PingDelegate delegate = context.config().delegates().ping();
        if (delegate == null || asking) {
            return;
        }
        asking = true;
        context.callbacks().call(() -> {
            byte[] next = NONE;
            try {
                next = delegate.ackPayload().clone();
            } finally {
                byte[] answer = next;
                context.loop().execute(() -> {
                    latest = answer;
                    asking = false;
                });
            }
        });
    }
}
