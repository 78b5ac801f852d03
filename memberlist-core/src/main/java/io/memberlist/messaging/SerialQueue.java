package io.memberlist.messaging;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One handler's line: in order, one at a time, bounded in number and bytes. Safe from any thread. */
final class SerialQueue {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final int TURN = 64;
    /** Messages may have megabytes each, so their number alone bounds nothing. One more than fits is let in. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final Executor executor;
    private final int maxWaiting;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final int maxHeld;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger heldCount = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param maxHeld how many may wait in addition that come together, for they were held back */
    SerialQueue(Executor executor, int maxWaiting, int maxHeld) {
        this.executor = executor;
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
        waiting.add(() -> {
            counted.decrementAndGet();
            bytes.addAndGet(-length);
            call.run();
        });
        schedule();
        return true;
    }

    int waiting() {
        return count.get() + heldCount.get();
    }

    private void schedule() {
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException e) {
                // The executor may be the application's own, so it may fail in any way; the next call tries again.
                running.set(false);
                log.warn("an executor does not take handlers of cluster messages; they wait: {}", e.toString());
            }
        }
    }

    private void drain() {
        for (int i = 0; i < TURN; i++) {
            Runnable next = waiting.poll();
            if (next == null) {
                break;
            }
            try {
                next.run();
            } catch (Throwable e) {
                log.error("a handler of cluster messages failed", e);
            }
        }
        running.set(false);
        if (!waiting.isEmpty()) {
            schedule();
        }
    }
}
