package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts many members in this JVM on loopback, waits until all members see each other, and prints threads, heap and CPU
 * seconds, until then and while idle.
 *
 * <p>Arguments: the number of members (100), the idle seconds to measure (30), the preset (lan).
 */
public final class ManyMembersOnLoopback {
    private static final PrintStream out = System.out;

    private ManyMembersOnLoopback() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int quietSeconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        String preset = args.length > 2 ? args[2] : "lan";
        List<Memberlist> members = new ArrayList<>();
        long begin = System.nanoTime();
        double cpuBefore = cpuSeconds();
        for (int i = 0; i < count; i++) {
            members.add(Memberlist.create(preset(preset)
                    .nodeName("node-" + i)
                    .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                    .build()));
        }
        out.printf("started      %d members in %.2f s%n", count, secondsSince(begin));
        long joining = System.nanoTime();
        String seed = "127.0.0.1:" + members.get(0).localMember().address().getPort();
        for (Memberlist member : members.subList(1, count)) {
            member.join(seed).get(30, TimeUnit.SECONDS);
        }
        out.printf("joined       in %.2f s%n", secondsSince(joining));
        boolean agreed = waitUntilAllSee(members, count, Duration.ofMinutes(2));
        out.printf(
                "agreement    %s: %d members see %d, %.2f s after the first join%n",
                agreed ? "reached" : "NOT REACHED",
                members.stream().filter(m -> m.numMembers() == count).count(),
                count,
                secondsSince(joining));
        out.printf("CPU so far   %.2f s%n", cpuSeconds() - cpuBefore);
        out.printf("threads      %s%n", memberlistThreads());
        System.gc();
        out.printf(
                "heap         %.1f MiB used after collection%n",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0);
        double quiet = cpuSeconds();
        LockSupport.parkNanos(Duration.ofSeconds(quietSeconds).toNanos());
        double used = cpuSeconds() - quiet;
        out.printf(
                "quiet        %.2f s CPU in %d s: %.2f %% of a core, %.3f %% a member%n",
                used, quietSeconds, 100 * used / quietSeconds, 100 * used / quietSeconds / count);
        out.printf("suspicions   health scores: %s%n", healthScores(members));
        members.forEach(Memberlist::close);
        System.exit(agreed ? 0 : 1);
    }

    private static MemberlistConfigBuilder preset(String name) {
        return switch (name) {
            case "local" -> MemberlistConfig.local();
            case "wan" -> MemberlistConfig.wan();
            case "lan" -> MemberlistConfig.lan();
            default -> throw new IllegalArgumentException("'" + name + "' is no preset: lan, wan or local");
        };
    }

    private static boolean waitUntilAllSee(List<Memberlist> members, int count, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            if (members.stream().allMatch(member -> member.numMembers() == count)) {
                return true;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return false;
    }

    private static Map<Integer, Integer> healthScores(List<Memberlist> members) {
        Map<Integer, Integer> scores = new TreeMap<>();
        members.forEach(member -> scores.merge(member.healthScore(), 1, Integer::sum));
        return scores;
    }

    private static Map<String, Integer> memberlistThreads() {
        Map<String, Integer> threads = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("memberlist-")) {
                threads.merge(thread.getName().replaceAll("-\\d+$", ""), 1, Integer::sum);
            }
        }
        return threads;
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
