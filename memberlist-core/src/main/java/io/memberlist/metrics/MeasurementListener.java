package io.memberlist.metrics;

/**
 * Hears what the protocol measures. Called on the protocol's thread, many times a second: must answer at once, and must
 * not block. One that throws is logged, and the protocol goes on.
 */
@FunctionalInterface
public interface MeasurementListener {
    /**
     * @param what what was measured
     * @param value nanoseconds or bytes, as {@code what} says; never negative
     */
    void measured(Measurement what, long value);
}
