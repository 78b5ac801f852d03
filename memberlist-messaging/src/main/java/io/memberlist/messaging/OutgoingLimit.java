package io.memberlist.messaging;

import io.memberlist.messaging.message.OutgoingQueueFullException;
import io.memberlist.transport.QueueLimit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Bounds what waits to leave, so that a fast caller cannot pile it up. Safe from any thread. */
final class OutgoingLimit {
    private final QueueLimit waiting;
    private final int depth;
    private final UnaryOperator<String> settingName;

    /**
     * @param depth how many messages may wait
     * @param settingName the name of a setting as it was configured
     */
    OutgoingLimit(int depth, UnaryOperator<String> settingName) {
        this.waiting = new QueueLimit(depth);
        this.depth = depth;
        this.settingName = settingName;
    }

    /** {@return why there is no room for a message of so many bytes; null where there was room} If so, {@link #release} must follow once. */
    @Nullable
    OutgoingQueueFullException acquire(int size) {
        while (!waiting.tryAcquire(size)) {
            int count = waiting.count();
            long bytes = waiting.bytes();
            // Where messages left since the refusal, there may be room by now, and what was read would not be what
            // refused.
            if (count >= depth) {
                return new OutgoingQueueFullException(
                        count + " messages wait to be sent (of " + bytes + " bytes); the limit is " + depth
                                + ": wait for their futures, or raise " + settingName.apply("messaging.queueDepth"));
            } else if (!waiting.hasRoomInBytes()) {
                return new OutgoingQueueFullException(count + " messages of " + bytes
                        + " bytes wait to be sent, which is as many bytes as may wait: wait for their futures");
            }
        }
        return null;
    }

    /** Gives back the room of a message of so many bytes. */
    void release(int size) {
        waiting.release(size);
    }

    /** {@return how many messages wait} */
    int count() {
        return waiting.count();
    }
}
