package io.memberlist.messaging;

import com.sun.management.OperatingSystemMXBean;
import io.memberlist.Memberlist;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.metrics.MeasurementListener;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts many members in this JVM on loopback, lets all of them broadcast in turn for some time, and prints the share
 * and the latency of deliveries, the number of suspected and failed members, and the cost of a delivery.
 *
 * <p>Arguments: the number of members (50), broadcasts a second of all together (1000), seconds (20), the bytes of a
 * message (100), seconds to warm up at a quarter of the rate (0).
 */
public final class BroadcastLoadOnLoopback {
    private static final PrintStream out = System.out;
    private static final int MICROS_PER_BUCKET = 100;

    private BroadcastLoadOnLoopback() {}

    public static void main(String[] args) throws Exception {
        int count = argument(args, 0, 50);
        int rate = argument(args, 1, 1000);
        int seconds = argument(args, 2, 20);
        int length = Math.max(Long.BYTES, argument(args, 3, 100));
        AtomicInteger suspected = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        EventDelegate counting = event -> {
            if (event instanceof MemberEvent.Suspected) {
                suspected.incrementAndGet();
            } else if (event instanceof MemberEvent.Failed) {
                failed.incrementAndGet();
            }
        };
        AtomicLong slowestProbeNanos = new AtomicLong();
        AtomicLong longestLagNanos = new AtomicLong();
        MeasurementListener measuring = (what, value) -> {
            switch (what) {
                case PROBE_ROUND_TRIP -> slowestProbeNanos.accumulateAndGet(value, Math::max);
                case LOOP_LAG -> longestLagNanos.accumulateAndGet(value, Math::max);
                default -> {}
            }
        };
        List<Memberlist> members = LoopbackMembers.start(count, config -> config.delegates(d -> d.event(counting)));
        members.forEach(member -> member.addMeasurementListener(measuring));
        LongAdder delivered = new LongAdder();
        AtomicLong slowestNanos = new AtomicLong();
        AtomicLongArray buckets = new AtomicLongArray(100_000);
        for (Memberlist member : members) {
            ClusterMessaging.of(member).subscribe("storm", message -> {
                if (!message.origin().equals(member.localMember().name())) {
                    long nanos = System.nanoTime()
                            - ByteBuffer.wrap(message.payload()).getLong();
                    delivered.increment();
                    slowestNanos.accumulateAndGet(nanos, Math::max);
                    int bucket = (int) (nanos / 1000 / MICROS_PER_BUCKET);
                    buckets.incrementAndGet(Math.min(buckets.length() - 1, bucket));
                }
            });
        }
        warmUp(members, rate / 4, argument(args, 4, 0), length);
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuBefore = machine.getProcessCpuTime();
        long began = System.nanoTime();
        long sent = 0;
        while (sent < (long) rate * seconds) {
            long due = (System.nanoTime() - began) * rate / 1_000_000_000L;
            for (; sent < due; sent++) {
                byte[] payload = new byte[length];
                ByteBuffer.wrap(payload).putLong(System.nanoTime());
                ClusterMessaging.of(members.get((int) (sent % count))).broadcast("storm", payload);
            }
            LockSupport.parkNanos(1_000_000);
        }
        long wanted = sent * (count - 1);
        long stormEnded = System.nanoTime();
        while (delivered.sum() < wanted && System.nanoTime() - stormEnded < 30_000_000_000L) {
            LockSupport.parkNanos(1_000_000);
        }
        long ended = System.nanoTime();
        long cpu = machine.getProcessCpuTime() - cpuBefore;
        out.printf(
                "%d members, %d broadcasts of %d bytes in %.1f s: %.3f %% of %d deliveries, the last %.1f s after the end%n",
                count,
                sent,
                length,
                (stormEnded - began) / 1e9,
                100.0 * delivered.sum() / wanted,
                wanted,
                (ended - stormEnded) / 1e9);
        out.printf(
                "50 %% within %.1f ms, 99 %% within %.1f ms, the slowest %.1f ms%n",
                percentile(buckets, delivered.sum(), 0.5),
                percentile(buckets, delivered.sum(), 0.99),
                slowestNanos.get() / 1e6);
        out.printf(
                "suspected %d, failed %d; CPU %.1f s of %.1f s on %d processors, %.1f microseconds a delivery%n",
                suspected.get(),
                failed.get(),
                cpu / 1e9,
                (ended - began) / 1e9,
                machine.getAvailableProcessors(),
                cpu / 1e3 / wanted);
        out.printf(
                "the slowest answer to a ping %.1f ms, the latest timer %.1f ms late%n",
                slowestProbeNanos.get() / 1e6, longestLagNanos.get() / 1e6);
        TreeMap<Object, Long> drops = new TreeMap<>();
        TreeMap<Object, Long> messageDrops = new TreeMap<>();
        for (Memberlist member : members) {
            member.statistics().drops().forEach((reason, number) -> drops.merge(reason, number, Long::sum));
            ClusterMessaging.of(member)
                    .statistics()
                    .drops()
                    .forEach((reason, number) -> messageDrops.merge(reason, number, Long::sum));
        }
        out.println("dropped: " + drops + ", of cluster messages: " + messageDrops);
        members.forEach(Memberlist::close);
        System.exit(0);
    }

    /** At a lower rate: a JVM that has just started compiles most of what it runs, on the same processors. */
    private static void warmUp(List<Memberlist> members, int rate, int seconds, int length) {
        long began = System.nanoTime();
        for (long sent = 0; sent < (long) rate * seconds; ) {
            long due = (System.nanoTime() - began) * rate / 1_000_000_000L;
            for (; sent < due; sent++) {
                ClusterMessaging.of(members.get((int) (sent % members.size()))).broadcast("warm up", new byte[length]);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static double percentile(AtomicLongArray buckets, long all, double share) {
        long seen = 0;
        for (int i = 0; i < buckets.length(); i++) {
            seen += buckets.get(i);
            if (seen >= all * share) {
                return (i + 1) * MICROS_PER_BUCKET / 1000.0;
            }
        }
        return Double.NaN;
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }
}
