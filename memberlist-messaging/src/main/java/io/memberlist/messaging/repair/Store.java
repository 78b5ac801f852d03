package io.memberlist.messaging.repair;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasts kept for those who missed them: bounded in bytes and age; the oldest make room. This member's own ones make
 * none while others lack them, or may not have said so yet.
 */
public final class Store {
    /** What keeping one costs beside its bytes, about: many small ones must not take many times the bound. */
    private static final int ENTRY_BYTES = 160;

    private static final int HEADER_BYTES = 140;
    private static final int HEADERS_MAX_BYTES = HEADER_BYTES * ClusterMessage.HEADERS_MAX_COUNT;
    /** A part may come together with another one's whole, whose first receiver has failed. */
    private static final int MAX_SERVED = 4;
    /** Whoever did not get one of this member's own has noticed by then, from a later one, and said so. */
    private static final long NOTICED_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final long maxBytes;
    private final long maxAgeNanos;
    private final LongSupplier firstLacked;
    /** Those of others. */
    private final Queue<Stored> oldestFirst = new PriorityQueue<>(Comparator.comparingLong(Stored::bornNanos));
    /** Those of this member, by their numbers. */
    private final Deque<Stored> own = new ArrayDeque<>();

    private final Map<Origin, Shelf> shelves = new LinkedHashMap<>();
    private volatile int size;
    private volatile long bytes;

    /** @param firstLacked the number of the first of this member's own broadcasts that another one lacks */
    Store(EventLoop loop, long maxBytes, long maxAgeNanos, LongSupplier firstLacked) {
        this.loop = loop;
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAgeNanos;
        this.firstLacked = firstLacked;
    }

    /** A message kept. */
    public static final class Stored {
        private final Envelope envelope;
        private final long bornNanos;
        private boolean left = true;
        private long leftNanos;
        private final List<HashRange> served = new ArrayList<>(0);

        /** @param bornNanos when it was created, on this member's clock as far as it can be known */
        public Stored(Envelope envelope, long bornNanos) {
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

        /** Notes that this member's own one has been handed to the network for all others, of whom there may be none. */
        public void left(boolean toOthers, long now) {
            left = true;
            leftNanos = toOthers ? now : now - NOTICED_NANOS;
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

    /** {@return a message of another member, kept if there is room for it} */
    public Stored add(Envelope envelope, long bornNanos) {
        Stored stored = new Stored(envelope, bornNanos);
        Shelf shelf = shelves.get(envelope.origin());
        Stored there = shelf == null ? null : shelf.messages.get(envelope.number());
        if (there != null) {
            return there;
        }
        if (makeRoom(stored.cost(), bornNanos)) {
            put(stored);
            oldestFirst.add(stored);
        }
        return stored;
    }

    /**
     * {@return whether there is room for another message of this member} Where there is not, it has to wait: others lack those
     * that would have to make room. One that never fits has no such hope.
     *
     * @param length of the message, with its envelope
     */
    public boolean hasRoomForOwn(int length) {
        int cost = length + ENTRY_BYTES + HEADERS_MAX_BYTES;
        return cost > maxBytes || makeRoom(cost, loop.nanoTime());
    }

    /** {@return a message of this member, kept if there is room for it; it has not {@linkplain Stored#left left} yet} */
    public Stored addOwn(Envelope envelope) {
        Stored stored = new Stored(envelope, loop.nanoTime());
        stored.left = false;
        if (makeRoom(stored.cost(), stored.bornNanos())) {
            put(stored);
            own.add(stored);
        }
        return stored;
    }

    private void put(Stored stored) {
        Envelope envelope = stored.envelope();
        Shelf shelf = shelves.computeIfAbsent(envelope.origin(), origin -> new Shelf());
        shelf.messages.put(envelope.number(), stored);
        shelf.numbers.add(envelope.number());
        size++;
        bytes += stored.cost();
    }

    private boolean makeRoom(int cost, long bornNanos) {
        while (cost <= maxBytes && bytes + cost > maxBytes) {
            Stored oldest = oldestThatMayGo();
            if (oldest == null || oldest.bornNanos() - bornNanos > 0) {
                return false;
            }
            remove(oldest);
        }
        return cost <= maxBytes;
    }

    private @Nullable Stored oldestThatMayGo() {
        Stored other = oldestFirst.peek();
        Stored mine = own.peek();
        if (mine == null || isNeeded(mine)) {
            return other;
        }
        return other == null || mine.bornNanos() - other.bornNanos() < 0 ? mine : other;
    }

    private boolean isNeeded(Stored mine) {
        return !mine.left
                || loop.nanoTime() - mine.leftNanos < NOTICED_NANOS
                || mine.envelope().number() >= firstLacked.getAsLong();
    }

    /** Throws out what is too old. */
    void sweep() {
        sweep(oldestFirst);
        sweep(own);
    }

    private void sweep(Queue<Stored> some) {
        long now = loop.nanoTime();
        Stored oldest = some.peek();
        while (oldest != null && now - oldest.bornNanos() > maxAgeNanos) {
            remove(oldest);
            oldest = some.peek();
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
        own.clear();
        shelves.clear();
        size = 0;
        bytes = 0;
    }

    /** @param stored the head of its queue */
    private void remove(Stored stored) {
        Queue<Stored> queue = stored == own.peek() ? own : oldestFirst;
        queue.remove();
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
