package io.memberlist.messaging.delivery;

import io.memberlist.logging.ThrottledLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Runs calls on another executor in the order they come, so many at the same time. Safe from any thread. */
final class ConcurrentExecutor implements Executor {
    private final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger("io.memberlist"));
    private final Executor executor;
    private final int concurrency;
    private final String name;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    /** @param name of what is called, for the log */
    ConcurrentExecutor(Executor executor, int concurrency, String name) {
        this.executor = executor;
        this.concurrency = concurrency;
        this.name = name;
    }

    @Override
    public void execute(Runnable call) {
        waiting.add(call);
        startMore();
    }

    private void startMore() {
        while (!waiting.isEmpty() && takePlace()) {
            try {
                executor.execute(this::runOne);
            } catch (RuntimeException | Error e) {
                // The executor may be the application's own, or find no thread; the next call tries again.
                running.decrementAndGet();
                log.log(Level.WARN, name, "the executor of {} does not take tasks; they wait: {}", name, e.toString());
                return;
            }
        }
    }

    private boolean takePlace() {
        int now = running.get();
        while (now < concurrency) {
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
            now = running.get();
        }
        return false;
    }

    private void runOne() {
        try {
            Runnable call = waiting.poll();
            if (call != null) {
                call.run();
            }
        } finally {
            running.decrementAndGet();
            startMore();
        }
    }
}
