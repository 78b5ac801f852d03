package io.memberlist.benchmarks.scale;

import com.sun.management.OperatingSystemMXBean;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs one scene with many members in this process and prints {@code RESULT} with its figures, as {@code interop/scale} does
 * with members of the Go library. Arguments: the scene, the number of members, and the seconds of rest.
 */
final class ScaleMembers {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SETTLING = Duration.ofSeconds(10);
    /** For so long others use the processors. */
    private static final Duration LOAD = Duration.ofSeconds(60);
    /** A cluster is quiet when it uses at most so many times the processor time of before. */
    private static final double QUIET = 2;

    private static final int KILLED = 5;

    private final List<Memberlist> members = new ArrayList<>();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong failedJoins = new AtomicLong();
    private final StringBuilder result = new StringBuilder("RESULT");

    private ScaleMembers() {}

    public static void main(String[] args) throws Exception {
        Scene scene = Scene.valueOf(args[0].toUpperCase(Locale.ROOT));
        int count = Integer.parseInt(args[1]);
        Duration rest = Duration.ofSeconds(Long.parseLong(args[2]));
        ScaleMembers members = new ScaleMembers();
        if (scene != Scene.JVM) {
            members.start(count);
        }
        switch (scene) {
            case STORM -> members.storm();
            case BUSY -> {
                System.out.println("LOAD 0 " + LOAD.toSeconds());
                members.storm();
            }
            case LADDER -> members.ladder();
            case QUIET, LONE -> {
                members.ladder();
                members.rest(rest);
            }
            case STARVED -> {
                members.ladder();
                members.starve(rest);
            }
            case FAILURES -> {
                members.ladder();
                members.kill();
            }
            case JVM -> members.rest(rest);
        }
        members.figure("peakMiB", peakMiB());
        System.out.println(members.result);
        System.exit(0);
    }

    private void figure(String name, double value) {
        result.append(String.format(Locale.ROOT, " %s=%.3f", name, value));
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            members.add(Memberlist.create(MemberlistConfig.lan()
                    .nodeName("node-" + i)
                    .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                    .delegates(d -> d.event(event -> {
                        if (event instanceof MemberEvent.Failed) {
                            failures.incrementAndGet();
                        }
                    }))
                    .build()));
        }
    }

    private CompletableFuture<?> join(Memberlist member) {
        return member.join("127.0.0.1:" + members.get(0).localMember().address().getPort())
                .whenComplete((joined, failure) -> {
                    if (failure != null) {
                        failedJoins.incrementAndGet();
                    }
                });
    }

    /** All join one seed at the same moment. One that fails tries again after a second, as applications do. */
    private void storm() throws InterruptedException {
        long heap = usedHeap();
        long begun = System.nanoTime();
        double cpu = cpuSeconds();
        members.subList(1, members.size()).forEach(member -> joinUntilMet(member, begun));
        watch(begun);
        figure("cpu", cpuSeconds() - cpu);
        Thread.sleep(SETTLING.toMillis());
        figure("failures", failures.get());
        figure("failedJoins", failedJoins.get());
        double pairs = (double) members.size() * (members.size() - 1);
        figure("heapBytesPerKnown", (usedHeap() - heap) / pairs);
    }

    /** {@return the bytes of what lives on the heap} */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void joinUntilMet(Memberlist member, long begun) {
        join(member).whenComplete((joined, failure) -> {
            if (member.numMembers() == 1 && System.nanoTime() - begun < PATIENCE.toNanos()) {
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> joinUntilMet(member, begun));
            }
        });
    }

    /** One after the other joins. */
    private void ladder() throws Exception {
        double cpu = cpuSeconds();
        long begun = System.nanoTime();
        for (Memberlist member : members.subList(1, members.size())) {
            join(member).handle((joined, failure) -> null).get(1, TimeUnit.MINUTES);
        }
        figure("joins", (System.nanoTime() - begun) / 1e9);
        watch(System.nanoTime());
        figure("cpu", cpuSeconds() - cpu);
        figure("failedJoins", failedJoins.get());
    }

    /** Looks twice a second until all members see all. */
    private void watch(long begun) throws InterruptedException {
        int count = members.size();
        double half = -1;
        while (true) {
            List<Integer> views = members.stream().map(Memberlist::numMembers).toList();
            System.out.printf(
                    Locale.ROOT,
                    "VIEW %.3f %.4f%n",
                    (System.nanoTime() - begun) / 1e9,
                    views.stream().mapToInt(view -> view).average().orElse(0) / count);
            long whole = views.stream().filter(view -> view == count).count();
            long passed = System.nanoTime() - begun;
            if (half < 0 && 2 * whole >= count) {
                half = passed / 1e9;
            }
            boolean over = whole == count;
            if (over || passed > PATIENCE.toNanos()) {
                figure("half", half);
                figure("all", over ? passed / 1e9 : -1);
                if (!over) {
                    figure(
                            "meanView",
                            views.stream().mapToInt(view -> view).average().orElse(0));
                }
                return;
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private void rest(Duration measured) throws InterruptedException {
        Thread.sleep(measured.toMillis());
        double cpu = cpuSeconds();
        Thread.sleep(measured.toMillis());
        double seconds = Math.max(1, members.size()) * measured.toMillis() / 1e3;
        figure("millisPerMemberSecond", (cpuSeconds() - cpu) * 1e3 / seconds);
        figure("failures", failures.get());
    }

    /** Others have the processors for a while. Then it waits until all see all, and use no more time than before. */
    private void starve(Duration rest) throws InterruptedException {
        Thread.sleep(rest.toMillis());
        double before = cpuSeconds();
        Thread.sleep(SETTLING.toMillis());
        double usual = (cpuSeconds() - before) / SETTLING.toSeconds();
        System.out.println("LOAD -5 " + LOAD.toSeconds());
        Thread.sleep(LOAD.toMillis());
        long begun = System.nanoTime();
        double last = cpuSeconds();
        boolean quiet = false;
        while (!quiet && System.nanoTime() - begun < PATIENCE.toNanos()) {
            Thread.sleep(1000);
            double now = cpuSeconds();
            quiet = now - last <= QUIET * usual
                    && members.stream().allMatch(member -> member.numMembers() == members.size());
            last = now;
        }
        figure("quietAfter", quiet ? (System.nanoTime() - begun) / 1e9 : -1);
        figure("failures", failures.get());
    }

    /** Stops members without a word, and waits until all others have noticed. */
    private void kill() throws InterruptedException {
        Thread.sleep(SETTLING.toMillis());
        long begun = System.nanoTime();
        int left = members.size() - KILLED;
        List<Memberlist> ended = members.subList(left, members.size());
        ended.forEach(Memberlist::shutdown);
        ended.clear();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            if (members.stream().allMatch(member -> member.numMembers() <= left)) {
                figure("noticed", (System.nanoTime() - begun) / 1e9);
                break;
            }
            Thread.sleep(LOOK.toMillis() / 10);
        }
        figure("falseFailures", failures.get() - (double) KILLED * left);
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static double peakMiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElseThrow();
    }
}
