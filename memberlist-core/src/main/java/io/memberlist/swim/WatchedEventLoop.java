package io.memberlist.swim;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** An event loop that says of each timer, before it runs, when it was due. */
final class WatchedEventLoop implements EventLoop {
    private final EventLoop loop;
    private final LongConsumer due;

    WatchedEventLoop(EventLoop loop, LongConsumer due) {
        this.loop = loop;
        this.due = due;
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public Instant wallClock() {
        return loop.wallClock();
    }

    @Override
    public RandomGenerator random() {
        return loop.random();
    }

    @Override
    public RandomGenerator secureRandom() {
        return loop.secureRandom();
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        long dueNanos = loop.nanoTime() + Math.max(0, delayNanos);
        return loop.schedule(delayNanos, () -> {
            due.accept(dueNanos);
            task.run();
        });
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        loop.offload(work, outcome);
    }

    @Override
    public void callBack(Runnable callback) {
        loop.callBack(callback);
    }

    @Override
    public void detach(Runnable completion) {
        loop.detach(completion);
    }
}
