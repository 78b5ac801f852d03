package io.memberlist.benchmarks.weight;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.SpringApplication;

/** Starts an application, prints what it has cost on one line, and ends the process. */
final class Weight {
    /** The threads that a library starts, and the compiler, have done the work of the start after this time. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private Weight() {}

    /** Prints seconds from the start of the JVM until the application is ready, CPU seconds, MiB of heap, MiB resident, classes, threads. */
    static void measure(Class<?> application) throws InterruptedException, IOException {
        SpringApplication.run(application);
        double seconds = (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1e3;
        Thread.sleep(SETTLING.toMillis());
        double cpuSeconds =
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
        double residentMiB = residentKiB() / 1024.0;
        System.gc();
        double heapMiB =
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0;
        System.out.printf(
                Locale.ROOT,
                "WEIGHT %.3f %.3f %.1f %.1f %d %d%n",
                seconds,
                cpuSeconds,
                heapMiB,
                residentMiB,
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                ManagementFactory.getThreadMXBean().getThreadCount());
        System.exit(0);
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
