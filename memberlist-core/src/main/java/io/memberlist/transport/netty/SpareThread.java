package io.memberlist.transport.netty;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/**
 * Looks after the tasks that wait in {@linkplain SharedPool pools}, so that each of them runs though the system refuses to
 * start threads for them. It exists from the first user to the last, and until no task waits. Safe from any thread.
 */
final class SpareThread {
    /** Long enough for the threads of a pool to take what waits, and too short to be noticed by who waits for it. */
    private static final long LOOK_MILLIS = 100;

    private final ThreadFactory factory;
    private final Set<SharedPool> behind = new LinkedHashSet<>();
    private volatile int users;
    private boolean running;

    SpareThread(ThreadFactory factory) {
        this.factory = factory;
    }

    /** Starts the thread for the first user. Throws {@link OutOfMemoryError}, and counts no user, where it is refused. */
    synchronized void acquire() {
        if (!running) {
            factory.newThread(this::work).start();
            running = true;
        }
        users++;
    }

    /** Ends the thread after the last user. */
    synchronized void release() {
        users--;
        notifyAll();
    }

    /** {@return whether anybody uses the pools} */
    boolean isUsed() {
        return users > 0;
    }

    /** {@return whether there is a thread that looks after the pool while tasks wait in it} */
    synchronized boolean lookAfter(SharedPool pool) {
        if (running) {
            behind.add(pool);
            notifyAll();
        }
        return running;
    }

    private void work() {
        List<SharedPool> pools;
        while (!(pools = next()).isEmpty()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                // Left behind by a task; nobody interrupts this thread.
            }
            pools.forEach(SharedPool::relieve);
            forgetThoseThatKeepUp();
        }
    }

    /** {@return pools in which tasks may wait; empty when there are none and nobody needs this thread any more} */
    private synchronized List<SharedPool> next() {
        while (behind.isEmpty() && users > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // As above.
            }
        }
        running = !behind.isEmpty();
        return List.copyOf(behind);
    }

    private synchronized void forgetThoseThatKeepUp() {
        behind.removeIf(pool -> !pool.isBehind());
    }
}
