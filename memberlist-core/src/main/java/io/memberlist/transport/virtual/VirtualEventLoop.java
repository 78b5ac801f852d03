package io.memberlist.transport.virtual;

import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One member's event loop in virtual time. Everything of one test runs on one thread, in an order fixed by the seed. */
public final class VirtualEventLoop implements EventLoop {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** Work off the loop takes its time, in which the loop sees other things happen. */
    private static final long OFFLOADED_NANOS = 10_000_000;

    private final VirtualTime time;
    private final RandomGenerator random;
    private boolean stopped;

    /** @param seed of the random source */
    public VirtualEventLoop(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
    }

    /** As the death of the process: nothing that is waiting happens any more. */
    public void stop() {
        stopped = true;
    }

    @Override
    public long nanoTime() {
        return time.nanos();
    }

    @Override
    public Instant wallClock() {
        return BEGINNING.plusNanos(time.nanos());
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public boolean inEventLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        schedule(0, task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        time.schedule(
                delayNanos,
                () -> {
                    if (!stopped) {
                        task.run();
                    }
                },
                cancelled);
        return () -> cancelled[0] = true;
    }

    @Override
    public <T> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> outcome) {
        schedule(OFFLOADED_NANOS, () -> {
            T result;
            try {
                result = work.call();
            } catch (Exception e) {
                outcome.accept(null, e);
                return;
            }
            outcome.accept(result, null);
        });
    }

    @Override
    public void callBack(Runnable callback) {
        time.schedule(0, callback);
    }

    @Override
    public void detach(Runnable task) {
        time.schedule(0, task);
    }
}
