package io.memberlist.messaging.repair;

import io.memberlist.messaging.envelope.Inventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Numbers as unbroken runs: a few entries however many numbers there are. */
public final class NumberSet {
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    void add(long number) {
        long from = number;
        long to = number;
        Map.Entry<Long, Long> before = runs.floorEntry(number);
        if (before != null && before.getValue() >= number) {
            return;
        }
        if (before != null && before.getValue() == number - 1) {
            from = before.getKey();
        }
        Long after = runs.remove(number + 1);
        if (after != null) {
            to = after;
        }
        runs.put(from, to);
    }

    /** {@return the first number from one on that is not in it} */
    long nextMissing(long from) {
        Map.Entry<Long, Long> run = runs.floorEntry(from);
        // Neighbouring runs are one run.
        return run == null || run.getValue() < from ? from : run.getValue() + 1;
    }

    void remove(long number) {
        Map.Entry<Long, Long> run = runs.floorEntry(number);
        if (run == null || run.getValue() < number) {
            return;
        }
        long from = run.getKey();
        long to = run.getValue();
        runs.remove(from);
        if (from < number) {
            runs.put(from, number - 1);
        }
        if (number < to) {
            runs.put(number + 1, to);
        }
    }

    /** {@return so many runs in ascending order: all there are, or the ones from a random place on, and round} */
    List<Inventory.Run> some(int max, RandomGenerator random) {
        if (runs.size() <= max) {
            return earliest(max);
        }
        long first = runs.firstKey();
        long last = runs.lastKey();
        long start = last - first > 0 ? first + random.nextLong(last - first) : first;
        List<Inventory.Run> some = new ArrayList<>(max);
        Iterator<Map.Entry<Long, Long>> from = runs.tailMap(start).entrySet().iterator();
        while (some.size() < max) {
            if (!from.hasNext()) {
                from = runs.entrySet().iterator();
            }
            Map.Entry<Long, Long> run = from.next();
            some.add(new Inventory.Run(run.getKey(), run.getValue()));
        }
        some.sort(Comparator.comparingLong(Inventory.Run::from));
        return some;
    }

    /** {@return the first so many runs, in ascending order} */
    List<Inventory.Run> earliest(int max) {
        return runs.entrySet().stream()
                .limit(max)
                .map(run -> new Inventory.Run(run.getKey(), run.getValue()))
                .toList();
    }
}
