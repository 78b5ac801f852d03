package io.memberlist.transport;

import io.memberlist.logging.ThrottledLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The queue between a loop and the application: calls the application on another executor, in order, and never two calls
 * at once. A call that throws is logged and harms no other. Not for applications. Safe from any thread.
 */
public final class SerialExecutor implements Executor {
    /** After so many calls in a row others that share the executor have their turn. */
    private static final int TURN = 64;

    /** A peer may cause what fails, with each of its messages. */
    private final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger("io.memberlist"));

    private final Executor executor;
    private final String name;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * @param executor runs the calls; if it refuses a task, the calls wait until the next one is given
     * @param name of what is called, for the log
     */
    public SerialExecutor(Executor executor, String name) {
        this.executor = executor;
        this.name = name;
    }

    /** Makes the call after all that were given before, whatever number waits. Never throws, and never waits. */
    @Override
    public void execute(Runnable call) {
        waiting.add(call);
        schedule();
    }

    /**
     * Makes the call as {@link #execute} does, if the limit leaves room for it until it begins.
     *
     * @param bytes what the call holds while it waits
     * @return whether there was room; otherwise nothing is called
     */
    public boolean offer(QueueLimit limit, int bytes, Runnable call) {
        if (!limit.tryAcquire(bytes)) {
            return false;
        }
        execute(() -> {
            limit.release(bytes);
            call.run();
        });
        return true;
    }

    /**
     * Makes the call now, on this thread, and logs what it throws.
     *
     * @param about what the application is called with, for the log
     */
    public void guarded(Object about, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            // Checked exceptions too, which other JVM languages throw: one that escaped would end all calls.
            log.log(Level.ERROR, ThrottledLog.fault(e), "{} failed on {}", name, about, e);
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            log.log(Level.ERROR, ThrottledLog.fault(e), "{} failed", name, e);
        }
    }

    private void schedule() {
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException | Error e) {
                // The executor may be the application's own, or find no thread; the next call tries again.
                running.set(false);
                log.log(Level.WARN, name, "the executor of {} does not take tasks; they wait: {}", name, e.toString());
            }
        }
    }

    private void drain() {
        for (int i = 0; i < TURN; i++) {
            Runnable next = waiting.poll();
            if (next == null) {
                break;
            }
            guarded(next);
        }
        running.set(false);
        if (!waiting.isEmpty()) {
            schedule();
        }
    }
}
