package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
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
    private final RandomGenerator secureRandom;
    private final List<Runnable> held = new ArrayList<>();
    /** What waits for its time, in the order in which it was scheduled. */
    private final Set<Pending> pending = new LinkedHashSet<>();

    private Runnable afterTask = () -> {};
    private Executor processor = Runnable::run;
    private boolean stopped;
    private boolean paused;
    private int waitingPackets;
    private double rate = 1;
    private long rateSince;
    private long localAtRateSince;

    /** @param seed of the random source */
    public VirtualEventLoop(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
        this.secureRandom = new SplittableRandom(~seed);
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
        List<Runnable> late = List.copyOf(held);
        held.clear();
        late.forEach(task -> time.schedule(0, () -> run(task)));
    }

    /** {@return whether the loop is paused} */
    public boolean paused() {
        return paused;
    }

    /**
     * Sets how fast this process's clock runs. Timers that are already set follow it, as in a real process, which compares
     * its clock with the time of each timer: no timer fires early or late by the clock of its own process.
     *
     * @param newRate 1 for a true clock, 1.05 for one that is 5 % fast
     */
    public void clockRate(double newRate) {
        long local = nanoTime();
        rateSince = time.nanos();
        localAtRateSince = local;
        rate = newRate;
        List.copyOf(pending).forEach(Pending::arm);
    }

    /** Sets an observer that runs after each task of this loop. */
    public void afterTask(Runnable observer) {
        afterTask = observer;
    }

    /**
     * Sets what this loop runs on. By default each task runs when it is due, and takes no time.
     *
     * @param shared runs each task of this loop once, now or later, one at a time and in the order in which it is given them
     */
    public void runOn(Executor shared) {
        processor = shared;
    }

    /** {@return how many tasks and timers wait for their time; not those that are due, where this loop is late} */
    public int pendingTimers() {
        return pending.size();
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

    /** {@return a source of its own, so that what is drawn from it changes nothing else in a replay} */
    @Override
    public RandomGenerator secureRandom() {
        return secureRandom;
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
        Pending timer = new Pending(nanoTime() + Math.max(0, delayNanos), task);
        pending.add(timer);
        timer.arm();
        return timer;
    }

    /** Takes a packet that has arrived at the process's socket. A process that is late loses those its buffer cannot hold. */
    void receive(Runnable delivery) {
        if (waitingPackets >= SOCKET_BUFFER) {
            return;
        }
        waitingPackets++;
        execute(() -> {
            waitingPackets--;
            delivery.run();
        });
    }

    private void run(Runnable task) {
        processor.execute(() -> perform(task));
    }

    private void perform(Runnable task) {
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

    /** A task that waits. It ends when it runs or is cancelled, whichever comes first. */
    private final class Pending implements Timer {
        /** By the clock of this process. */
        private final long dueNanos;

        private final Runnable task;
        private int arming;
        private boolean cancelled;

        Pending(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        /** Asks the virtual time for the moment at which this is due at the present rate of the clock, and for no other. */
        void arm() {
            int mine = ++arming;
            long left = Math.max(0, dueNanos - nanoTime());
            // Rounded up: a timer never fires before its time by the clock of its own process.
            long delay = rate == 1 || left == 0 ? left : (long) Math.ceil(left / rate) + 1;
            time.schedule(delay, this::due, () -> arming != mine);
        }

        private void due() {
            end();
            run(this::fire);
        }

        private void fire() {
            if (!cancelled) {
                task.run();
            }
        }

        private void end() {
            arming = 0;
            pending.remove(this);
        }

        @Override
        public void cancel() {
            cancelled = true;
            end();
        }
    }
}
