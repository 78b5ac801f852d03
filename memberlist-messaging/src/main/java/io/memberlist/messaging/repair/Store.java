package io.memberlist.messaging.repair;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.transport.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Broadcasts kept for those who missed them: bounded in bytes and age; the oldest make room. */
public final class Store {
    /** What keeping one costs beside its bytes, about: many small ones must not take many times the bound. */
    private static final int ENTRY_BYTES = 160;

    private static final int HEADER_BYTES = 140;
    /** A part may come together with another one's whole, whose first receiver has failed. */
    private static final int MAX_SERVED = 4;

    private final EventLoop loop;
    private final long maxBytes;
    private final long maxAgeNanos;
    private final Queue<Stored> oldestFirst = new PriorityQueue<>(Comparator.comparingLong(Stored::bornNanos));
    private final Map<Origin, Shelf> shelves = new LinkedHashMap<>();
    private volatile int size;
    private volatile long bytes;

    Store(EventLoop loop, long maxBytes, long maxAgeNanos) {
        this.loop = loop;
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAgeNanos;
    }

    /** A message kept. */
    public static final class Stored {
        private final Envelope envelope;
        private final long bornNanos;
        private final List<HashRange> served = new ArrayList<>(0);

        /** @param bornNanos when it was created, on this member's clock as far as it can be known */
        Stored(Envelope envelope, long bornNanos) {
            this.envelope = envelope;
            this.bornNanos = bornNanos;
        }

        public Envelope envelope() {
            return envelope;
        }

        public long bornNanos() {
            return bornNanos;
        }

        /** {@return whether it is to be passed on to a range: not to what one before has covered, nor again and again} */
        public boolean serve(HashRange range) {
            if (served.size() >= MAX_SERVED || served.stream().anyMatch(one -> one.contains(range))) {
                return false;
            }
            served.add(range);
            return true;
        }

        public long ageMillis(long now) {
            return Math.max(0, now - bornNanos) / 1_000_000;
        }

        int cost() {
            return envelope.bytes().length
                    + ENTRY_BYTES
                    + HEADER_BYTES * envelope.headers().size();
        }
    }

    private static final class Shelf {
        final NumberSet numbers = new NumberSet();
        final Map<Long, Stored> messages = new HashMap<>();
    }

    /** {@return the message, kept if there is room for it at all} */
    public Stored add(Envelope envelope, long bornNanos) {
        Stored stored = new Stored(envelope, bornNanos);
        if (stored.cost() > maxBytes) {
            return stored;
        }
        Shelf shelf = shelves.computeIfAbsent(envelope.origin(), origin -> new Shelf());
        Stored there = shelf.messages.putIfAbsent(envelope.number(), stored);
        if (there != null) {
            return there;
        }
        shelf.numbers.add(envelope.number());
        oldestFirst.add(stored);
        size++;
        bytes += stored.cost();
        while (bytes > maxBytes) {
            removed(oldestFirst.remove());
        }
        return stored;
    }

    /** Throws out what is too old. */
    void sweep() {
        long now = loop.nanoTime();
        Stored oldest = oldestFirst.peek();
        while (oldest != null && now - oldest.bornNanos() > maxAgeNanos) {
            removed(oldestFirst.remove());
            oldest = oldestFirst.peek();
        }
    }

    @Nullable
    public Stored get(Origin origin, long number) {
        Shelf shelf = shelves.get(origin);
        Stored stored = shelf == null ? null : shelf.messages.get(number);
        return stored == null || loop.nanoTime() - stored.bornNanos() > maxAgeNanos ? null : stored;
    }

    /**
     * {@return what there is, by origin; one with more runs than fit an entry has several entries} Where that is too much,
     * another part of it each time.
     */
    List<Inventory.Entry> inventory(int maxRuns, int maxEntries) {
        List<Inventory.Entry> entries = new ArrayList<>();
        List<Map.Entry<Origin, Shelf>> all = new ArrayList<>(shelves.entrySet());
        int start = all.isEmpty() ? 0 : loop.random().nextInt(all.size());
        for (int i = 0; i < all.size() && entries.size() < maxEntries; i++) {
            Map.Entry<Origin, Shelf> one = all.get((start + i) % all.size());
            List<Inventory.Run> runs =
                    one.getValue().numbers.some(maxRuns * (maxEntries - entries.size()), loop.random());
            entries.addAll(Inventory.Entry.of(one.getKey(), runs, maxRuns));
        }
        return entries;
    }

    /** {@return how many are kept; may be asked from anywhere} */
    public int size() {
        return size;
    }

    /** {@return what they cost; may be asked from anywhere} */
    public long bytes() {
        return bytes;
    }

    void clear() {
        oldestFirst.clear();
        shelves.clear();
        size = 0;
        bytes = 0;
    }

    private void removed(Stored stored) {
        size--;
        bytes -= stored.cost();
        Origin origin = stored.envelope().origin();
        Shelf shelf = shelves.get(origin);
        if (shelf != null) {
            shelf.messages.remove(stored.envelope().number());
            shelf.numbers.remove(stored.envelope().number());
            if (shelf.messages.isEmpty()) {
                shelves.remove(origin);
            }
        }
    }
}
