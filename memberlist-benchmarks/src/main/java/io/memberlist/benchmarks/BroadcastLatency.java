package io.memberlist.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a broadcast of one library takes until half of the other members, and all of them, have received
 * it, and the cost for the process of all members. {@link Broadcasts} runs this in a separate JVM for each library.
 *
 * <p>Arguments: the library, the number of members, the bytes of a message, the number of messages, the milliseconds
 * between them.
 */
final class BroadcastLatency {
    static final String HEADING = String.format(
            "%-12s %10s | %8s %8s %8s | %8s %8s %8s | %8s %10s %9s",
            "", "formed, s", "50 %", "99th", "worst", "100 %", "99th", "worst", "reached", "CPU ms/msg", "heap, MiB");

    private static final PrintStream out = System.out;
    private static final int PATIENCE_SECONDS = 20;

    private BroadcastLatency() {}

    public static void main(String[] args) throws Exception {
        // The logs of the libraries do not belong into the table.
        System.setOut(System.err);
        Library library = Library.valueOf(args[0]);
        int members = Integer.parseInt(args[1]);
        byte[] payload = new byte[Integer.parseInt(args[2])];
        new Random(1).nextBytes(payload);
        int messages = Integer.parseInt(args[3]);
        long pauseNanos = TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(args[4]));
        AtomicReference<Round> current = new AtomicReference<>(new Round(members));
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long began = System.nanoTime();
        Cluster cluster = library.cluster();
        cluster.start(members, member -> current.get().delivered(member));
        double formed = (System.nanoTime() - began) / 1e9;
        // Warm up with as many messages as are measured, since the JVM has not compiled anything yet.
        send(cluster, payload, members, messages, pauseNanos, current);
        long cpuBefore = process.getProcessCpuTime();
        List<Round> rounds = send(cluster, payload, members, messages, pauseNanos, current);
        double cpuMillis = (process.getProcessCpuTime() - cpuBefore) / 1e6 / messages;
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        double[] half =
                rounds.stream().mapToDouble(round -> round.millisUntil(0.5)).toArray();
        double[] all =
                rounds.stream().mapToDouble(round -> round.millisUntil(1)).toArray();
        long complete = rounds.stream()
                .filter(round -> round.millisUntil(1) < Double.POSITIVE_INFINITY)
                .count();
        out.printf(
                "%-12s %10.1f | %8.2f %8.2f %8.2f | %8.2f %8.2f %8.2f | %6.1f %% %10.1f %9d%n",
                library,
                formed,
                Percentile.of(half, 0.5),
                Percentile.of(half, 0.99),
                Percentile.of(half, 1),
                Percentile.of(all, 0.5),
                Percentile.of(all, 0.99),
                Percentile.of(all, 1),
                100.0 * complete / messages,
                cpuMillis,
                heap / 1024 / 1024);
        // Not every library closes many members in reasonable time.
        Runtime.getRuntime().halt(0);
    }

    private static List<Round> send(
            Cluster cluster, byte[] payload, int members, int messages, long pauseNanos, AtomicReference<Round> current)
            throws Exception {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            Round round = new Round(members);
            current.set(round);
            cluster.broadcast(payload);
            round.await(PATIENCE_SECONDS);
            rounds.add(round);
            LockSupport.parkNanos(pauseNanos);
        }
        return rounds;
    }
}
