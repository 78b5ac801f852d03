package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** One member's event loop in virtual time. All loops of a run share one thread, in an order fixed by the seed. */
public final class VirtualEventLoop implements EventLoop {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** How long offloaded work takes: long enough for other events to come in between. */
    private static final long OFFLOADED_NANOS = 10_000_000;

    /** How many packets the kernel keeps for a process that does not read: about the 200 kB that Linux keeps by default. */
    private static final int SOCKET_BUFFER = 256;

    private final VirtualTime time;
    private final RandomGenerator random;
    private final List<Runnable> held = new ArrayList<>();
    private Runnable afterTask = () -> {};
    private boolean stopped;
    private boolean paused;
    private int heldPackets;
    private int timers;
    private double rate = 1;
    private long rateSince;
    private long localAtRateSince;

    /** @param seed of the random source */
    public VirtualEventLoop(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
        this.rateSince = time.nanos();
        this.localAtRateSince = time.nanos();
    }

    /** Stops the loop as the death of the process would: no waiting task runs any more. */
    public void stop() {
        stopped = true;
        held.clear();
    }

    /** Holds all tasks until {@link #resume}, as for a process that is stopped or a virtual machine that is moved. */
    public void pause() {
        paused = true;
    }

    /** Runs what was held meanwhile, late. Of the packets the kernel has kept only as many as its buffer holds. */
    public void resume() {
        paused = false;
        heldPackets = 0;
        List<Runnable> late = List.copyOf(held);
        held.clear();
        late.forEach(task -> time.schedule(0, () -> run(task)));
    }

    /** {@return whether the loop is paused} */
    public boolean paused() {
        return paused;
    }

    /**
     * Sets how fast this process's clock runs. Timers that are already set still fire at the moment they were set for.
     *
     * @param newRate 1 for a true clock, 1.05 for one that is 5 % fast
     */
    public void clockRate(double newRate) {
        long local = nanoTime();
        rateSince = time.nanos();
        localAtRateSince = local;
        rate = newRate;
    }

    /** Sets an observer that runs after each task of this loop. */
    public void afterTask(Runnable observer) {
        afterTask = observer;
    }

    /** {@return how many tasks and timers wait} */
    public int pendingTimers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        long passed = time.nanos() - rateSince;
        return localAtRateSince + (rate == 1 ? passed : (long) (passed * rate));
    }

    @Override
    public Instant wallClock() {
        return BEGINNING.plusNanos(nanoTime());
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
        // Rounded up: a timer never fires before its time by the clock of its own process.
        long delay = rate == 1 ? delayNanos : (long) Math.ceil(delayNanos / rate) + 1;
        AtomicBoolean over = new AtomicBoolean();
        timers++;
        Runnable unlessCancelled = () -> {
            if (end(over)) {
                task.run();
            }
        };
        time.schedule(delay, () -> run(unlessCancelled), over::get);
        return () -> end(over);
    }

    /** {@return whether the task was pending until now} It ends when it runs or is cancelled, whichever comes first. */
    private boolean end(AtomicBoolean over) {
        if (over.getAndSet(true)) {
            return false;
        }
        timers--;
        return true;
    }

    /** Takes a packet that has arrived at the process's socket. A paused process loses those its buffer cannot hold. */
    void receive(Runnable delivery) {
        if (paused && ++heldPackets > SOCKET_BUFFER) {
            return;
        }
        execute(delivery);
    }

    private void run(Runnable task) {
        if (stopped) {
            return;
        }
        if (paused) {
            held.add(task);
            return;
        }
        try {
            task.run();
        } finally {
            afterTask.run();
        }
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        schedule(OFFLOADED_NANOS, () -> {
            T result;
            try {
                result = work.call();
            } catch (Exception e) {
                outcome.done(null, e);
                return;
            }
            outcome.done(result, null);
        });
    }

    @Override
    public void callBack(Runnable callback) {
        time.schedule(0, () -> run(callback));
    }

    @Override
    public void detach(Runnable task) {
        time.schedule(0, task);
    }
}
