package io.memberlist.messaging.repair;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the broadcasts that came and were not taken in, since a handler of their topic had no room. They do not count
 * as received. {@link Refetches} asks for them again when there is room; nothing else does.
 */
public final class Refused {
    /** About 200 bytes each. What is beyond is merely missing, and is found by digests. */
    private static final int MAX_REMEMBERED = 65536;
    /** The first one of a topic that does not come for so long although there is room may be nowhere any more. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final Map<Origin, OfOrigin> byOrigin = new LinkedHashMap<>();
    private int size;

    Refused() {}

    private static final class OfOrigin {
        /** What was refused of each topic: the numbers by their order. */
        final Map<String, Line> byTopic = new LinkedHashMap<>();

        final NumberSet numbers = new NumberSet();
    }

    private static final class Line {
        final TreeMap<Long, Long> numbers = new TreeMap<>();
        long firstWithRoom;
        long sinceNanos;

        /** {@return whether there was room for the first one for so long that it would have come if anybody had it} */
        boolean isInVain(boolean room, long now) {
            long first = room ? numbers.firstKey() : 0;
            if (first != firstWithRoom) {
                firstWithRoom = first;
                sinceNanos = now;
            }
            return room && now - sinceNanos > PATIENCE_NANOS;
        }
    }

    /** {@return whether an earlier one of the same origin and topic was refused and did not come since} */
    public boolean hasEarlier(Envelope envelope) {
        Line line = line(envelope);
        return line != null && line.numbers.firstKey() < envelope.order();
    }

    /** {@return whether a broadcast is refused for the first time} From now on it is asked for when there is room. */
    boolean add(Envelope envelope) {
        if (size >= MAX_REMEMBERED) {
            return false;
        }
        OfOrigin origin = byOrigin.computeIfAbsent(envelope.origin(), key -> new OfOrigin());
        Line line = origin.byTopic.computeIfAbsent(envelope.topic(), key -> new Line());
        if (line.numbers.putIfAbsent(envelope.order(), envelope.number()) != null) {
            return false;
        }
        origin.numbers.add(envelope.number());
        size++;
        return true;
    }

    /** Notes that a broadcast was taken in. */
    public void taken(Envelope envelope) {
        OfOrigin origin = byOrigin.get(envelope.origin());
        Line line = line(envelope);
        if (origin != null && line != null && line.numbers.remove(envelope.order()) != null) {
            origin.numbers.remove(envelope.number());
            size--;
            if (line.numbers.isEmpty()) {
                forget(envelope.origin(), envelope.topic());
            }
        }
    }

    private @Nullable Line line(Envelope envelope) {
        OfOrigin origin = byOrigin.get(envelope.origin());
        return origin == null ? null : origin.byTopic.get(envelope.topic());
    }

    private void forget(Origin name, String topic) {
        OfOrigin origin = byOrigin.get(name);
        Line line = origin == null ? null : origin.byTopic.remove(topic);
        if (origin != null && line != null) {
            line.numbers.values().forEach(origin.numbers::remove);
            size -= line.numbers.size();
            if (origin.byTopic.isEmpty()) {
                byOrigin.remove(name);
            }
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    List<Origin> origins() {
        return List.copyOf(byOrigin.keySet());
    }

    /** {@return how many of an origin were refused} */
    int count(Origin origin) {
        OfOrigin known = byOrigin.get(origin);
        return known == null
                ? 0
                : known.byTopic.values().stream()
                        .mapToInt(line -> line.numbers.size())
                        .sum();
    }

    /** {@return the first number from one on that was not refused} */
    long nextOther(Origin origin, long from) {
        OfOrigin known = byOrigin.get(origin);
        return known == null ? from : known.numbers.nextMissing(from);
    }

    /** {@return the earliest refused numbers of an origin, as so many runs} */
    List<Inventory.Run> earliest(Origin origin, int maxRuns) {
        OfOrigin known = byOrigin.get(origin);
        return known == null ? List.of() : known.numbers.earliest(maxRuns);
    }

    /**
     * {@return the earliest numbers of an origin whose handlers have room now} What was asked for long enough in vain is
     * forgotten.
     */
    List<Inventory.Run> dueNow(Origin origin, ToIntFunction<String> room, long now) {
        OfOrigin known = byOrigin.get(origin);
        NumberSet due = new NumberSet();
        List<String> inVain = new ArrayList<>();
        if (known != null) {
            known.byTopic.forEach((topic, line) -> {
                int places = Math.min(room.applyAsInt(topic), Fetches.MAX_NUMBERS);
                if (line.isInVain(places > 0, now)) {
                    inVain.add(topic);
                } else if (places > 0) {
                    line.numbers.values().stream().limit(places).forEach(due::add);
                }
            });
        }
        inVain.forEach(topic -> forget(origin, topic));
        return due.earliest(Fetches.MAX_NUMBERS);
    }

    void clear() {
        byOrigin.clear();
        size = 0;
    }
}
