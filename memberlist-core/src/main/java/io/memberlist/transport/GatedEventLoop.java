package io.memberlist.transport;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An event loop whose tasks pass a gate that may hold them back for a while. Simulations and demonstrations pause a process
 * with it; its clock goes on meanwhile.
 */
public final class GatedEventLoop implements EventLoop {
    private final EventLoop loop;
    private final Consumer<Runnable> gate;

    /**
     * @param loop runs the tasks that the gate lets through
     * @param gate runs each task once, on the loop's thread, now or later, in the order in which it is given them
     */
    public GatedEventLoop(EventLoop loop, Consumer<Runnable> gate) {
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
    public RandomGenerator secureRandom() {
        return loop.secureRandom();
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> gate.accept(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        Timer timer = loop.schedule(
                delayNanos,
                () -> gate.accept(() -> {
                    // A task that was held before this one may have cancelled it.
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
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        loop.offload(work, (result, failure) -> gate.accept(() -> outcome.done(result, failure)));
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
