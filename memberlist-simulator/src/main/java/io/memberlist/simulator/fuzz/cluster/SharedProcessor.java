package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.transport.virtual.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * The cores of the machine that all processes run on. While tasks take time, those that find no core free wait, and the processes
 * are late. Processes with tasks have their turns one after the other, with one task a turn, as a fair scheduler would have it.
 */
final class SharedProcessor {
    private final VirtualTime time;
    /** The processes with tasks that wait for a core. */
    private final Deque<Share> ready = new ArrayDeque<>();

    private int cores = 1;
    private int busy;
    private long taskNanos;
    private int waiting;

    SharedProcessor(VirtualTime time) {
        this.time = time;
    }

    /**
     * Sets how long each task takes from now on.
     *
     * @param nanos zero where tasks take no time, and none waits
     */
    void tasksTake(long nanos, int onCores) {
        taskNanos = nanos;
        cores = onCores;
    }

    /** {@return whether tasks take time} */
    boolean isScarce() {
        return taskNanos > 0;
    }

    /** {@return how many tasks wait for a core} */
    int waiting() {
        return waiting;
    }

    /** {@return what one process runs on} Its tasks run one at a time. */
    Executor share() {
        return new Share();
    }

    private void dispatch() {
        while (busy < cores && !ready.isEmpty()) {
            ready.remove().runOne();
        }
    }

    private final class Share implements Executor {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        /** Whether a task of it waits or runs. */
        private boolean active;

        @Override
        public void execute(Runnable task) {
            if (!isScarce() && !active) {
                task.run();
                return;
            }
            tasks.add(task);
            waiting++;
            if (!active) {
                active = true;
                ready.add(this);
                dispatch();
            }
        }

        private void runOne() {
            busy++;
            waiting--;
            time.schedule(taskNanos, this::done);
            tasks.remove().run();
        }

        private void done() {
            busy--;
            active = !tasks.isEmpty();
            if (active) {
                ready.add(this);
            }
            dispatch();
        }
    }
}
