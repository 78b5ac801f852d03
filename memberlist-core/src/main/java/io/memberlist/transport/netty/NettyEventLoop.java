package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.netty.channel.ChannelFuture;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One member's view of the Netty loop it is pinned to. It ends with the member; the Netty loop may go on for others. */
final class NettyEventLoop implements EventLoop {
    private static final Logger log = LoggerFactory.getLogger(NettyEventLoop.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);
    private static final Timer NEVER = () -> {};
    /** The processes of one machine share a clock, and shall not wake at the same moments. */
    private static final long PHASE_NANOS = System.nanoTime() + new SplittableRandom().nextLong(1_000_000_000L);

    private final SharedThreads.Lease lease;
    private final io.netty.channel.EventLoop netty;
    private final RandomGenerator random = new SplittableRandom(secureRandom().nextLong());
    private volatile boolean shutdown;

    NettyEventLoop(SharedThreads.Lease lease) {
        this.lease = lease;
        this.netty = lease.loop();
    }

    /** {@return the loop that this member's channels belong to} */
    io.netty.channel.EventLoop netty() {
        return netty;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long coalesce(long dueNanos, long slackNanos) {
        return dueNanos + Math.floorMod(PHASE_NANOS - dueNanos, slackNanos);
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
        return netty.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        tryExecute(task);
    }

    /** {@return whether the task will run; false after shutdown} */
    boolean tryExecute(Runnable task) {
        return !shutdown && submit(task);
    }

    /** Runs a task even after shutdown, so that what reports the end is not dropped itself. */
    void executeAlways(Runnable task) {
        if (!submit(task)) {
            runGuarded(task);
        }
    }

    /**
     * Runs a task after the loop has polled the sockets once more: only that poll frees the descriptor of a closed channel,
     * and with it the port, where the JDK's channels are used.
     */
    void executeAfterPoll(Runnable task) {
        // The loop looks at timers once per turn, after the poll, and so sees one that a task sets in its next turn.
        executeAlways(() -> netty.schedule(() -> runGuarded(task), 1, TimeUnit.NANOSECONDS));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        if (shutdown) {
            return NEVER;
        }
        Runnable unlessShutdown = () -> {
            if (!shutdown) {
                runGuarded(task);
            }
        };
        try {
            var timer = netty.schedule(unlessShutdown, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException e) {
            return NEVER;
        }
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        SharedThreads.WORKERS.execute(() -> {
            try {
                T result = work.call();
                execute(() -> outcome.done(result, null));
            } catch (Throwable failure) {
                execute(() -> outcome.done(null, failure));
            }
        });
    }

    @Override
    public void callBack(Runnable callback) {
        SharedThreads.CALLBACKS.execute(callback);
    }

    @Override
    public void detach(Runnable completion) {
        SharedThreads.COMPLETIONS.execute(completion);
    }

    /** Drops all tasks and timers from now on, but for those that are queued already, and gives up the threads. Called once. */
    void shutdown() {
        shutdown = true;
        lease.release().run();
    }

    private boolean submit(Runnable task) {
        try {
            netty.execute(() -> runGuarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** {@return a future that ends as Netty's does, on the same thread} */
    static CompletableFuture<Void> completion(ChannelFuture future) {
        CompletableFuture<Void> completion = new CompletableFuture<>();
        future.addListener(done -> {
            if (done.isSuccess()) {
                completion.complete(null);
            } else {
                completion.completeExceptionally(done.cause());
            }
        });
        return completion;
    }

    /** Runs a task and logs what it throws, so that the loop goes on for the other members. */
    static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // An extension may fail on each message of a peer.
            throttled.log(Level.ERROR, e.getClass(), "A task on the event loop failed", e);
        }
    }
}
