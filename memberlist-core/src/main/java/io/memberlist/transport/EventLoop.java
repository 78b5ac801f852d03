package io.memberlist.transport;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The clock, the timers, the thread and the random source of one member's protocol. The protocol runs on its loop only, one
 * task at a time, and therefore needs no locks. In production a loop is one of a few shared threads; in the simulator it is
 * a queue of tasks in virtual time.
 */
public interface EventLoop extends Executor {
    /** {@return the time on a clock that never goes back, in nanoseconds since an arbitrary moment} */
    long nanoTime();

    /** {@return the time of day, for what people read; the protocol decides nothing by it} */
    Instant wallClock();

    /** {@return the random source of every choice of the protocol; used on the loop only} */
    RandomGenerator random();

    /**
     * {@return the random source of what others must not guess} It is slower than {@link #random()}. A loop in virtual time
     * gives a seeded one, so that a run is the same again. Used on the loop only.
     */
    default RandomGenerator secureRandom() {
        return Unguessable.SOURCE;
    }

    /** {@return whether the caller is on this loop} */
    boolean inEventLoop();

    /** Runs a task on the loop, soon and in the order of the calls. Drops it after shutdown. Safe from any thread. */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the loop after a delay. Safe from any thread.
     *
     * @param delayNanos nanoseconds from now; zero or less means soon
     */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * {@return when to run a task that may run a little later than it is due, so that it runs together with others of this
     * process} A thread that wakes once for several tasks costs less than one that wakes for each. Used on the loop only.
     *
     * @param dueNanos on the clock of {@link #nanoTime}
     * @param slackNanos how much later it may run, above zero; tasks with the same slack run together
     */
    default long coalesce(long dueNanos, long slackNanos) {
        return dueNanos;
    }

    /**
     * Runs a computation on another thread because it would hold up the loop, as compressing megabytes does.
     *
     * @param work a computation that touches no state of the protocol
     * @param outcome called on the loop with either the result or the failure
     */
    <T> void offload(Callable<T> work, Completion<T> outcome);

    /**
     * Calls the application off the loop, if it gives no executor of its own. The callbacks of many members share a few
     * threads and run in any order. Safe from any thread.
     */
    void callBack(Runnable callback);

    /**
     * Runs a task off the loop that may block for as long as it likes, such as the completion of a future that the
     * application waits for. It never waits behind callbacks, since a callback may wait for a future. Tasks run in any order.
     * Safe from any thread.
     */
    void detach(Runnable completion);

    /** A task that was scheduled. */
    @FunctionalInterface
    interface Timer {
        /** Prevents the task from running. Does nothing if it has run. Called on the loop only. */
        void cancel();
    }
}
