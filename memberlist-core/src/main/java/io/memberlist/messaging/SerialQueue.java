package io.memberlist.messaging;

import io.memberlist.transport.SerialExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One handler's line: in order, one at a time, bounded in number and bytes. Safe from any thread. */
final class SerialQueue {
    /** Messages may have megabytes each, so their number alone bounds nothing. One more than fits is let in. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final SerialExecutor executor;
    private final int maxWaiting;
    private final int maxHeld;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger heldCount = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param name of whose it is, for the log
     * @param maxHeld how many may wait in addition that come together, for they were held back
     */
    SerialQueue(Executor executor, String name, int maxWaiting, int maxHeld) {
        this.executor = new SerialExecutor(executor, name);
        this.maxWaiting = maxWaiting;
        this.maxHeld = maxHeld;
    }

    /** {@return whether there was room for it} */
    boolean offer(int length, boolean held, Runnable call) {
        AtomicInteger counted = held ? heldCount : count;
        if (counted.get() >= (held ? maxHeld : maxWaiting) || bytes.get() > MAX_BYTES) {
            return false;
        }
        counted.incrementAndGet();
        bytes.addAndGet(length);
        executor.execute(() -> {
            counted.decrementAndGet();
            bytes.addAndGet(-length);
            call.run();
        });
        return true;
    }

    int waiting() {
        return count.get() + heldCount.get();
    }
}
