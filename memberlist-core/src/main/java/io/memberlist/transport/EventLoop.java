package io.memberlist.transport;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The time, the timers, the thread and the random source of one member's protocol. Everything the protocol does happens
 * on its loop, one task at a time, which is why it needs no locks. In production it is one of a few shared threads; in
 * the simulator a priority queue over virtual time.
 */
public interface EventLoop extends Executor {
    /** {@return a clock that never goes back, in nanoseconds from an arbitrary origin} */
    long nanoTime();

    /** {@return the wall clock, for what people read; never used to decide anything} */
    Instant wallClock();

    /** {@return the only random source of the protocol; to be used on the loop only} */
    RandomGenerator random();

    /** {@return whether the caller is on this loop} */
    boolean inEventLoop();

    /** Runs a task on the loop, soon and in the order of the calls. Safe from any thread; dropped after shutdown. */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the loop after a delay. Safe from any thread.
     *
     * @param delayNanos nanoseconds from now; zero or less means soon
     */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * Does computation that would hold up the loop (compressing megabytes) elsewhere, and comes back with its outcome.
     *
     * @param work pure computation, run off the loop
     * @param outcome called on the loop with either the result or the failure
     */
    <T> void offload(Callable<T> work, Completion<T> outcome);

    /**
     * Calls the application off the loop, where it gives no executor of its own. Callbacks of many members share a few
     * threads. No order is promised. Safe from any thread.
     */
    void callBack(Runnable callback);

    /**
     * Completes a future of the application off the loop, or runs what may take as long as it likes without keeping
     * anything else waiting. Never waits behind callbacks, since a callback may wait for a
     * future. No order is promised. Safe from any thread.
     */
    void detach(Runnable completion);

    /** A task that was scheduled. */
    @FunctionalInterface
    interface Timer {
        /** Makes sure the task does not run any more. Harmless when it has run; to be called on the loop. */
        void cancel();
    }
}
