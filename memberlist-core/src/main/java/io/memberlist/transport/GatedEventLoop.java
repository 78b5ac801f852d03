package io.memberlist.transport;

import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * An event loop whose tasks pass a gate that may hold them back for a while. Simulations and demonstrations pause a process
 * with it; its clock goes on meanwhile.
 */
public final class GatedEventLoop extends ForwardingEventLoop {
    private final Consumer<Runnable> gate;

    /**
     * @param loop runs the tasks that the gate lets through
     * @param gate runs each task once, on the loop's thread, now or later, in the order in which it is given them
     */
    public GatedEventLoop(EventLoop loop, Consumer<Runnable> gate) {
        super(loop);
        this.gate = gate;
    }

    @Override
    public void execute(Runnable task) {
        super.execute(() -> gate.accept(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        Timer timer = super.schedule(
                delayNanos,
                () -> gate.accept(() -> {
                    // A task that was held before this one may have cancelled it.
                    if (!cancelled[0]) {
                        task.run();
                    }
                }));
        return () -> {
            cancelled[0] = true;
            timer.cancel();
        };
    }

    @Override
    public <T> void offload(Callable<T> work, Completion<T> outcome) {
        super.offload(work, (result, failure) -> gate.accept(() -> outcome.done(result, failure)));
    }
}
