package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** One member's event loop in virtual time. Everything of one test runs on one thread, in an order fixed by the seed. */
public final class VirtualEventLoop implements EventLoop {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** Work off the loop takes its time, in which the loop sees other things happen. */
    private static final long OFFLOADED_NANOS = 10_000_000;

    /** Packets that the kernel keeps for a process that does not read: some 200 kB of them, as Linux does by default. */
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

    /** As the death of the process: nothing that is waiting happens any more. */
    public void stop() {
        stopped = true;
        held.clear();
    }

    /** As a process that is stopped or a virtual machine that is moved: nothing happens until {@link #resume}. */
    public void pause() {
        paused = true;
    }

    /** What should have happened in the meantime happens now, late; the kernel has kept only so many packets. */
    public void resume() {
        paused = false;
        heldPackets = 0;
        List<Runnable> late = List.copyOf(held);
        held.clear();
        late.forEach(task -> time.schedule(0, () -> run(task)));
    }

    /** {@return whether the process stands still} */
    public boolean paused() {
        return paused;
    }

    /**
     * Sets how fast this process's clock runs. Timers that are set already keep their moment.
     *
     * @param newRate 1 for a true clock, 1.05 for one that is 5 % fast
     */
    public void clockRate(double newRate) {
        long local = nanoTime();
        rateSince = time.nanos();
        localAtRateSince = local;
        rate = newRate;
    }

    /** Sets what runs after each task of this loop: for observers. */
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
        boolean[] cancelled = new boolean[1];
        boolean[] over = new boolean[1];
        timers++;
        Runnable once = () -> {
            if (!over[0]) {
                over[0] = true;
                timers--;
                task.run();
            }
        };
        // Rounded up: a timer never fires before its time by the clock of its own process.
        long delay = rate == 1 ? delayNanos : (long) Math.ceil(delayNanos / rate) + 1;
        time.schedule(delay, () -> run(once), cancelled);
        return () -> {
            cancelled[0] = true;
            if (!over[0]) {
                over[0] = true;
                timers--;
            }
        };
    }

    /** A packet has arrived at the process's socket. */
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
