package io.memberlist.benchmarks.hostile;

import io.memberlist.extension.Extension;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.transport.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how late a timer is on the loop of a member, how much of that time the loop has worked, and how large the heap
 * becomes.
 */
final class Meter implements Extension {
    private static final long STALL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long HEAP_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final AtomicLong stallNanos = new AtomicLong();
    private final AtomicLong workNanos = new AtomicLong();
    private final AtomicLong peakHeapBytes = new AtomicLong();

    Meter() {
        Thread thread = new Thread(this::watchHeap, "heap-meter");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void start(ExtensionContext context) {
        context.loop().execute(() -> tick(context.loop()));
    }

    @Override
    public void stop() {}

    private void tick(EventLoop loop) {
        long due = loop.nanoTime() + STALL_INTERVAL_NANOS;
        long workedBefore = threads.getCurrentThreadCpuTime();
        loop.schedule(STALL_INTERVAL_NANOS, () -> {
            long late = loop.nanoTime() - due;
            stallNanos.accumulateAndGet(late, Math::max);
            workNanos.accumulateAndGet(Math.min(late, threads.getCurrentThreadCpuTime() - workedBefore), Math::max);
            tick(loop);
        });
    }

    private void watchHeap() {
        while (true) {
            peakHeapBytes.accumulateAndGet(heapBytes(false), Math::max);
            LockSupport.parkNanos(HEAP_INTERVAL_NANOS);
        }
    }

    /** {@return what is used of the heap, garbage included unless it is collected before} */
    long heapBytes(boolean collect) {
        if (collect) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** {@return the longest stall since the last call} */
    long takeStallNanos() {
        return stallNanos.getAndSet(0);
    }

    /** {@return the longest of which the loop has worked all the time, since the last call} */
    long takeWorkNanos() {
        return workNanos.getAndSet(0);
    }

    /** {@return the largest heap since the last call} */
    long takePeakHeapBytes() {
        return peakHeapBytes.getAndSet(0);
    }
}
