package io.memberlist.swim;

import io.memberlist.delegate.MessageDelegate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the application off the loop: in order, never two calls at once. Membership events are never dropped; user
 * messages beyond a bound are, and are counted. A callback that throws is logged and harms nothing else.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final int TURN = 64;

    private final Executor executor;
    private final String self;
    private final int maxMessages;
    private final Counters counters;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicInteger waitingMessages = new AtomicInteger();
    private final AtomicBoolean warnedOfDrops = new AtomicBoolean();

    Callbacks(Executor executor, String self, int maxMessages, Counters counters) {
        this.executor = executor;
        this.self = self;
        this.maxMessages = maxMessages;
        this.counters = counters;
    }

    /** Calls the application, after everything that was queued before. */
    void call(Runnable callback) {
        waiting.add(callback);
        schedule();
    }

    /** Hands a user message to the application, or drops it when too many wait. */
    void message(MessageDelegate delegate, byte[] message) {
        if (waitingMessages.get() >= maxMessages) {
            counters.drop(DropReason.QUEUE_FULL);
            if (warnedOfDrops.compareAndSet(false, true)) {
                log.warn(
                        "{}: handler queue full, dropping user messages: {} wait for the application",
                        self,
                        maxMessages);
            }
            return;
        }
        waitingMessages.incrementAndGet();
        call(() -> {
            waitingMessages.decrementAndGet();
            delegate.messageReceived(message);
        });
    }

    private void schedule() {
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException e) {
                // The executor may be the application's own, so it may fail in any way; the next call tries again.
                running.set(false);
                log.warn("{}: the callback executor does not take tasks; callbacks wait: {}", self, e.toString());
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
                // Checked ones too, which other JVM languages throw: whatever escaped here would end all callbacks.
                log.error("{}: a callback of the application failed", self, e);
            }
        }
        running.set(false);
        if (!waiting.isEmpty()) {
            // Go to the back of the executor's queue, so that a busy member leaves room for others.
            schedule();
        }
    }
}
