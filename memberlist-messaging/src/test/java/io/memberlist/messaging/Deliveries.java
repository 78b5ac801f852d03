package io.memberlist.messaging;

import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.ClusterMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Records what the members of one JVM received, for programs that measure: duplicates, order and time. Payloads begin
 * with the sender's {@code System.nanoTime()}, which is the same for all processes of one machine.
 */
final class Deliveries {
    private final Map<String, Life> lives = new ConcurrentHashMap<>();

    /**
     * What one instance of a member received. It takes four bytes per message, so that long runs do not affect the
     * heap.
     */
    static final class Life {
        private final Map<Origin, float[]> millis = new HashMap<>();
        private final Map<String, Long> latest = new HashMap<>();
        private int count;
        private int twice;
        private int outOfOrder;
        private int late;

        synchronized void add(ClusterMessage message) {
            if (message.payloadLength() < Long.BYTES) {
                return;
            }
            long nanos = System.nanoTime() - ByteBuffer.wrap(message.payload()).getLong();
            Origin origin = new Origin(message.origin(), message.id().instance());
            int number = (int) message.id().number();
            float[] times = millis.getOrDefault(origin, new float[64]);
            if (number >= times.length) {
                times = Arrays.copyOf(times, Math.max(number + 1, times.length * 2));
            }
            millis.put(origin, times);
            if (times[number] != 0) {
                twice++;
            } else {
                count++;
            }
            times[number] = Math.max(1e-6f, nanos / 1e6f);
            if (message.late()) {
                late++;
                return;
            }
            String line = origin.name() + "/" + origin.instance() + "/" + message.topic();
            if (message.order() <= latest.getOrDefault(line, 0L)) {
                outOfOrder++;
            }
            latest.put(line, message.order());
        }

        private synchronized int count() {
            return count;
        }

        private synchronized Map<Origin, float[]> snapshot() {
            Map<Origin, float[]> copy = new HashMap<>(millis);
            copy.replaceAll((origin, times) -> times.clone());
            return copy;
        }

        private synchronized int[] faults() {
            return new int[] {twice, outOfOrder, late};
        }
    }

    /** Begins an instance of a member, and discards an earlier one of that name. */
    Life begin(String name) {
        Life life = new Life();
        lives.put(name, life);
        return life;
    }

    void end(String name) {
        lives.remove(name);
    }

    /** {@return the smallest number of different messages that a member received} */
    int least() {
        return lives.values().stream().mapToInt(Life::count).min().orElse(0);
    }

    /**
     * {@return the figures for the messages of some origins; the counts of duplicates, order violations and late
     * messages are those of all}
     */
    String report(Predicate<String> wanted) {
        Map<Origin, List<float[]>> byOrigin = new HashMap<>();
        int[] faults = new int[3];
        lives.values().forEach(life -> {
            life.snapshot().forEach((origin, times) -> {
                if (wanted.test(origin.name())) {
                    byOrigin.computeIfAbsent(origin, key -> new ArrayList<>()).add(times);
                }
            });
            Arrays.setAll(faults, i -> faults[i] + life.faults()[i]);
        });
        int members = lives.size();
        int lacking = 0;
        List<double[]> shares = new ArrayList<>();
        for (List<float[]> ofMembers : byOrigin.values()) {
            int numbers =
                    ofMembers.stream().mapToInt(times -> times.length).max().orElse(0);
            for (int number = 0; number < numbers; number++) {
                int at = number;
                double[] came = ofMembers.stream()
                        .mapToDouble(times -> at < times.length ? times[at] : 0)
                        .filter(time -> time > 0)
                        .sorted()
                        .toArray();
                if (came.length > 0) {
                    lacking += members - came.length;
                    shares.add(new double[] {
                        came[(came.length - 1) / 2],
                        came[(int) Math.ceil(came.length * 0.99) - 1],
                        came[came.length - 1]
                    });
                }
            }
        }
        return String.format(
                "%d messages, %d members; lacking %d, twice %d, out of order %d, late %d%n  50 %%: %s; 99 %%: %s; 100 %%: %s",
                shares.size(),
                members,
                lacking,
                faults[0],
                faults[1],
                faults[2],
                figures(shares, 0),
                figures(shares, 1),
                figures(shares, 2));
    }

    private static String figures(List<double[]> shares, int column) {
        double[] sorted =
                shares.stream().mapToDouble(share -> share[column]).sorted().toArray();
        return sorted.length == 0
                ? "-"
                : String.format(
                        "median %.1f 99th %.1f worst %.1f ms",
                        sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], sorted[sorted.length - 1]);
    }
}
