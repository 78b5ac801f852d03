package io.memberlist.sample.network;

import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The event loop of a member that can be made to stand still; clocks go on. */
final class GatedLoop implements EventLoop {
    private final EventLoop loop;
    private final Gate gate;

    GatedLoop(EventLoop loop, Gate gate) {
        this.loop = loop;
        this.gate = gate;
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
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> gate.pass(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        Timer timer = loop.schedule(
                delayNanos,
                () -> gate.pass(() -> {
                    // It may have been cancelled by what waited in front of it.
                    if (!cancelled[0]) {
                        task.run();
                    }
                }));
        return () -> {
            cancelled[0] = true;
            timer.cancel();
        };
    }

    @Override
    public <T> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> outcome) {
        loop.offload(work, (result, failure) -> gate.pass(() -> outcome.accept(result, failure)));
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
