package io.memberlist.spring.boot.test;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** One member's view of the network's thread. It ends with the member. */
final class MemoryEventLoop implements EventLoop {
    private final NetworkThread wire;
    private final RandomGenerator random = new SplittableRandom();
    private volatile boolean ended;

    MemoryEventLoop(NetworkThread wire) {
        this.wire = wire;
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
    public boolean inEventLoop() {
        return wire.isCurrentThread();
    }

    @Override
    public void execute(Runnable task) {
        wire.execute(() -> {
            if (!ended) {
                task.run();
            }
        });
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Future<?> scheduled = wire.schedule(delayNanos, () -> {
            if (!ended) {
                task.run();
            }
        });
        return () -> scheduled.cancel(false);
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        NetworkThread.help(() -> {
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
        NetworkThread.help(callback);
    }

    @Override
    public void detach(Runnable completion) {
        NetworkThread.help(completion);
    }

    /** Ends the loop: nothing of this member runs on the network's thread after this. */
    void end() {
        ended = true;
    }
}
