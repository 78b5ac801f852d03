package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import io.memberlist.transport.ForwardingEventLoop;
import java.util.function.LongConsumer;

/** An event loop that says of each timer, before it runs, when it was due. */
final class WatchedEventLoop extends ForwardingEventLoop {
    private final LongConsumer due;

    WatchedEventLoop(EventLoop loop, LongConsumer due) {
        super(loop);
        this.due = due;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        long dueNanos = nanoTime() + Math.max(0, delayNanos);
        return super.schedule(delayNanos, () -> {
            due.accept(dueNanos);
            task.run();
        });
    }
}
