package io.memberlist.transport;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** An event loop that leaves everything to another one. A subclass changes what it needs to. */
public abstract class ForwardingEventLoop implements EventLoop {
    private final EventLoop loop;

    /** @param loop does what is not overridden */
    protected ForwardingEventLoop(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public long coalesce(long dueNanos, long slackNanos) {
        return loop.coalesce(dueNanos, slackNanos);
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
        return loop.schedule(delayNanos, task);
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
