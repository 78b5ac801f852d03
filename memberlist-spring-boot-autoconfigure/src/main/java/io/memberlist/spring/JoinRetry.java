package io.memberlist.spring;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The delays between attempts to reach the seeds. They double from the first delay up to the longest. Each is shortened by
 * up to a half at random, so that applications that start together do not ask at the same moments.
 *
 * @param initialDelay the delay after the first failed attempt
 * @param maxDelay the longest delay
 */
public record JoinRetry(Duration initialDelay, Duration maxDelay) {
    /** Refuses an initial delay that is not positive, and a longest delay below it. */
    public JoinRetry {
        if (initialDelay.isNegative() || initialDelay.isZero()) {
            throw new IllegalArgumentException("the initial delay between attempts to join is " + initialDelay
                    + ": it must be longer than zero (memberlist.join-retry.initial-delay)");
        }
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("the longest delay between attempts to join is " + maxDelay
                    + ", shorter than the initial one, " + initialDelay + ": lengthen memberlist.join-retry.max-delay"
                    + " or shorten memberlist.join-retry.initial-delay");
        }
    }

    /**
     * @param failures how many attempts failed so far, at least one
     * @return the delay before the next attempt
     */
    Duration delay(int failures) {
        return delay(failures, ThreadLocalRandom.current()::nextDouble);
    }

    Duration delay(int failures, DoubleSupplier random) {
        double nanos = initialDelay.toNanos() * Math.pow(2, failures - 1.0);
        double bounded = Math.min(nanos, maxDelay.toNanos());
        return Duration.ofNanos((long) (bounded * (1 - random.getAsDouble() / 2)));
    }
}
