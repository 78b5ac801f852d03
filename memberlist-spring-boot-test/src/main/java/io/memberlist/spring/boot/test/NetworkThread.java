package io.memberlist.spring.boot.test;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a network. All members run on it, so that nothing on the network needs a lock. Messages under way are
 * delivered before any timer fires, so that no answer looks late on a machine that is too busy. The thread ends when there
 * is nothing to do, and a new one starts when there is.
 */
final class NetworkThread implements EventLoop {
    private static final Logger log = LoggerFactory.getLogger(MemberlistTestNetwork.class);
    private static final ExecutorService HELPERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "memberlist-test-helper");
        thread.setDaemon(true);
        return thread;
    });

    private final RandomGenerator random = new SplittableRandom();
    private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor thread;

    NetworkThread() {
        thread = new ScheduledThreadPoolExecutor(1, task -> new WireThread(task, this));
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant wallClock() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public RandomGenerator secureRandom() {
        return random;
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() instanceof WireThread current && current.wire == this;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Runnable timer = () -> {
            drain();
            guarded(task);
        };
        Future<?> scheduled = thread.schedule(timer, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void execute(Runnable task) {
        underWay.add(task);
        thread.execute(this::drain);
    }

    private void drain() {
        Runnable next;
        while ((next = underWay.poll()) != null) {
            guarded(next);
        }
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        callBack(() -> {
            T result;
            try {
                result = work.call();
            } catch (Throwable failure) {
                execute(() -> outcome.done(null, failure));
                return;
            }
            execute(() -> outcome.done(result, null));
        });
    }

    @Override
    public void callBack(Runnable callback) {
        HELPERS.execute(() -> guarded(callback));
    }

    @Override
    public void detach(Runnable completion) {
        callBack(completion);
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
