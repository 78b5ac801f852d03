package io.memberlist.transport.netty;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on a bounded number of threads; the others wait in a queue. No task is lost where the system refuses a thread
 * (an {@link OutOfMemoryError} of {@link Thread#start}): it waits for a thread of the pool, and if there is none, the {@link
 * SpareThread} runs it. Idle threads end by themselves, and at once when no member is left. {@link #execute} never throws.
 * Safe from any thread.
 */
final class SharedPool implements Executor {
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** So many tasks run in a row on the thread that relieves a pool without threads, before it tries again to start one. */
    private static final int TURN = 64;

    private final NumberedThreads factory;
    private final int prompt;
    private final int most;
    private final SpareThread spare;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    /** Of the threads that live; whoever comes next has the lowest that is free, so that names in logs stay few. */
    private final BitSet numbers = new BitSet();

    private int threads;
    private int idle;
    /** How many tasks were begun so far, by which the spare thread sees that the threads of this pool get on. */
    private long begun;

    private long begunAtLastLook = -1;

    /** Makes the threads of a pool. */
    interface NumberedThreads {
        /**
         * {@return a thread that runs a task, not yet started}
         *
         * @param number from 1; no other thread of the pool that lives has it
         */
        Thread newThread(int number, Runnable task);
    }

    /**
     * @param prompt how many threads there may be that start as soon as a task finds none idle
     * @param most how many threads there may be at all: those above {@code prompt} start one by one, while tasks wait and no
     *     task has begun for a while, because those that run wait for others
     * @param spare looks after the tasks that wait
     */
    SharedPool(NumberedThreads factory, int prompt, int most, SpareThread spare) {
        this.factory = factory;
        this.prompt = prompt;
        this.most = most;
        this.spare = spare;
    }

    @Override
    public void execute(Runnable task) {
        boolean noThread;
        synchronized (this) {
            waiting.add(task);
            if (idle >= waiting.size()) {
                notify();
                return;
            }
            if (threads < prompt && startThread()) {
                return;
            }
            noThread = threads == 0;
        }
        if (!spare.lookAfter(this) && noThread) {
            // The last member is gone, and the spare thread with it.
            runOne();
        }
    }

    /** {@return whether tasks wait} */
    synchronized boolean isBehind() {
        return !waiting.isEmpty();
    }

    /**
     * Starts another thread where tasks wait and none has begun since the last call. Where the system refuses that, runs
     * tasks on the calling thread: one of them, or several if the pool has no thread at all.
     */
    void relieve() {
        int here = 1;
        synchronized (this) {
            boolean stuck = begun == begunAtLastLook;
            begunAtLastLook = begun;
            boolean getsOn = waiting.isEmpty() || threads > 0 && !stuck;
            if (getsOn || threads >= most || startThread()) {
                return;
            }
            here = threads == 0 ? TURN : 1;
        }
        for (int i = 0; i < here; i++) {
            runOne();
        }
    }

    private void runOne() {
        @Nullable Runnable task;
        synchronized (this) {
            task = waiting.poll();
            begun += task == null ? 0 : 1;
        }
        if (task != null) {
            NettyEventLoop.runGuarded(task);
        }
    }

    /** {@return whether the system gave a thread} */
    private boolean startThread() {
        int number = numbers.nextClearBit(1);
        add(number);
        try {
            factory.newThread(number, () -> work(number)).start();
            return true;
        } catch (OutOfMemoryError e) {
            remove(number);
            return false;
        }
    }

    private void add(int number) {
        numbers.set(number);
        threads++;
    }

    private void remove(int number) {
        numbers.clear(number);
        threads--;
    }

    private void work(int number) {
        @Nullable Runnable task;
        while ((task = next(number)) != null) {
            NettyEventLoop.runGuarded(task);
        }
    }

    /** Lets idle threads look again whether a member may still need them. */
    synchronized void wakeIdle() {
        notifyAll();
    }

    /** {@return the next task, or null if there was none for long and this thread is no longer counted} */
    private synchronized @Nullable Runnable next(int number) {
        long deadline = System.nanoTime() + IDLE_NANOS;
        while (waiting.isEmpty()) {
            long left = spare.isUsed() ? deadline - System.nanoTime() : 0;
            if (left <= 0) {
                remove(number);
                return null;
            }
            idle++;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                // Left behind by a task; nobody interrupts the threads of this pool.
            } finally {
                idle--;
            }
        }
        begun++;
        return waiting.remove();
    }
}
