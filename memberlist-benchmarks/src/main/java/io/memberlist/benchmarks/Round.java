package io.memberlist.benchmarks;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** One broadcast in transit: when each of the other members received it. */
final class Round {
    private final long began = System.nanoTime();
    private final AtomicLongArray arrivals;
    private final CountDownLatch left;

    Round(int members) {
        arrivals = new AtomicLongArray(members);
        left = new CountDownLatch(members - 1);
    }

    /** Records a delivery; a second one for the same member does not count. */
    void delivered(int member) {
        if (arrivals.compareAndSet(member, 0, System.nanoTime())) {
            left.countDown();
        }
    }

    boolean await(long seconds) throws InterruptedException {
        return left.await(seconds, TimeUnit.SECONDS);
    }

    /** {@return milliseconds until that share of the others had it; infinite if that never happened} */
    double millisUntil(double share) {
        double[] millis = new double[arrivals.length() - 1];
        for (int i = 0; i < millis.length; i++) {
            long at = arrivals.get(i + 1);
            millis[i] = at == 0 ? Double.POSITIVE_INFINITY : (at - began) / 1e6;
        }
        Arrays.sort(millis);
        return Percentile.of(millis, share);
    }
}
