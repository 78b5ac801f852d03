package io.memberlist.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, since libraries have no common way to report readiness. */
final class Waiting {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private Waiting() {}

    /** @throws IllegalStateException if the condition is not true within three minutes */
    static void until(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new IllegalStateException("not so within three minutes: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
