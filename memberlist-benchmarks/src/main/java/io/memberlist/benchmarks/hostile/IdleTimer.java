package io.memberlist.benchmarks.hostile;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how late a thread is that has nothing to do: what the machine does to everybody, which no member can be blamed
 * for.
 */
final class IdleTimer implements AutoCloseable {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Thread thread = new Thread(this::run, "idle-timer");
    private volatile long worstNanos;

    IdleTimer() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!Thread.interrupted()) {
            long due = System.nanoTime() + INTERVAL_NANOS;
            LockSupport.parkNanos(INTERVAL_NANOS);
            worstNanos = Math.max(worstNanos, System.nanoTime() - due);
        }
    }

    /** {@return how late the thread was at worst} */
    double worstMillis() {
        return worstNanos / 1e6;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
