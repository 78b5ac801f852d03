package io.memberlist.spring.boot.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a network. All members run on it, so that nothing on the network needs a lock. Messages under way are
 * delivered before any timer fires, so that no answer looks late on a machine that is too busy. The thread ends when there
 * is nothing to do, and a new one starts when there is.
 */
final class NetworkThread {
    private static final Logger log = LoggerFactory.getLogger(MemberlistTestNetwork.class);
    private static final ExecutorService HELPERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "memberlist-test-helper");
        thread.setDaemon(true);
        return thread;
    });

    private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor thread;

    NetworkThread() {
        thread = new ScheduledThreadPoolExecutor(1, task -> new WireThread(task, this));
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    boolean isCurrentThread() {
        return Thread.currentThread() instanceof WireThread current && current.wire == this;
    }

    Future<?> schedule(long delayNanos, Runnable task) {
        Runnable timer = () -> {
            drain();
            guarded(task);
        };
        return thread.schedule(timer, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    }

    void execute(Runnable task) {
        underWay.add(task);
        thread.execute(this::drain);
    }

    private void drain() {
        Runnable next;
        while ((next = underWay.poll()) != null) {
            guarded(next);
        }
    }

    /** Runs a task that may block or take long, on another thread. */
    static void help(Runnable task) {
        HELPERS.execute(() -> guarded(task));
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.error("A task on the test's network failed", e);
        }
    }

    private static final class WireThread extends Thread {
        private final NetworkThread wire;

        WireThread(Runnable task, NetworkThread wire) {
            super(task, "memberlist-test-network");
            this.wire = wire;
            setDaemon(true);
        }
    }
}
