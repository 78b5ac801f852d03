package io.memberlist.metrics;

/**
 * Is told what the protocol measures. Called on the protocol's thread, many times a second, so it must return at once and
 * must not block. What it throws is logged, and the protocol goes on.
 */
@FunctionalInterface
public interface MeasurementListener {
    /**
     * @param what what was measured
     * @param value nanoseconds or bytes, as {@code what} says; never negative
     */
    void measured(Measurement what, long value);
}
