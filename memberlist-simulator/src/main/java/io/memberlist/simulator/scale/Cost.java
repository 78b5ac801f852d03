package io.memberlist.simulator.scale;

import java.util.LinkedHashMap;
import java.util.Map;

/** The cost of a simulation on this machine: the only part of a report that differs between runs. */
final class Cost {
    private static final double MEBIBYTE = 1 << 20;

    private final long startNanos = System.nanoTime();
    private double bringUpSeconds;
    private double heapMiB;

    /** Measures the heap and the time when the cluster has started. */
    void broughtUp() {
        bringUpSeconds = seconds();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        heapMiB = (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE;
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    double bringUpSeconds() {
        return bringUpSeconds;
    }

    double heapMiB() {
        return heapMiB;
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("bringUpSeconds", bringUpSeconds);
        map.put("totalSeconds", seconds());
        map.put("heapMiB", heapMiB);
        return map;
    }
}
