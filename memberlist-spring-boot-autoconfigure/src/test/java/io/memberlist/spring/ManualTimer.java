package io.memberlist.spring;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer whose time the test controls. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
    final Queue<Runnable> tasks = new ArrayDeque<>();

    ManualTimer() {
        super(0);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        return null;
    }

    void runNext() {
        tasks.remove().run();
    }
}
