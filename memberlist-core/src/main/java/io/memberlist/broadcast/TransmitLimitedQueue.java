package io.memberlist.broadcast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of broadcasts that wait to be gossiped, each of which is handed out a limited number of times. Broadcasts that were
 * sent least often go first, among those the largest that still fits, and among equal sizes the newest. This is the order of
 * the Go library: it fills packets well and prefers new messages.
 *
 * <p>Not thread-safe.
 */
public final class TransmitLimitedQueue {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final Comparator<Entry> ORDER = Comparator.comparingInt(Entry::transmits)
            .thenComparing(Comparator.comparingInt(Entry::length).reversed())
            .thenComparing(Comparator.comparingLong(Entry::id).reversed());

    private static final Broadcast NONE = () -> new byte[0];

    private final TreeSet<Entry> waiting = new TreeSet<>(ORDER);
    private final Map<String, Entry> named = new HashMap<>();
    private final IntSupplier transmitLimit;
    private long nextId;
    private long waitingBytes;

    /** @param transmitLimit gives how often each broadcast is handed out; called at every {@link #take} */
    public TransmitLimitedQueue(IntSupplier transmitLimit) {
        this.transmitLimit = transmitLimit;
    }

    /** Adds a broadcast, and finishes those that it replaces. */
    public void queue(Broadcast broadcast) {
        String name = broadcast instanceof NamedBroadcast n ? n.name() : null;
        List<Entry> replaced = new ArrayList<>();
        if (name != null) {
            Entry old = named.get(name);
            if (old != null) {
                replaced.add(old);
            }
        } else if (!(broadcast instanceof UniqueBroadcast)) {
            for (Entry entry : waiting) {
                if (entry.isPlain() && broadcast.invalidates(entry.broadcast)) {
                    replaced.add(entry);
                }
            }
        }
        replaced.forEach(this::remove);
        add(new Entry(broadcast, name, 0, broadcast.message().length, nextId++));
        replaced.forEach(TransmitLimitedQueue::finish);
    }

    /**
     * Takes the broadcasts that fit into a packet.
     *
     * @param overhead how many bytes each message costs in addition to its own
     * @param limit how many bytes there are for messages and their overhead
     * @return the messages, in the order to send them
     */
    public List<byte[]> take(int overhead, int limit) {
        return take(overhead, limit, broadcast -> false);
    }

    /**
     * As {@link #take(int, int)}, without what the receiver need not be told. What is left out does not count as sent.
     *
     * @param pointless tells which broadcasts to leave out
     */
    public List<byte[]> take(int overhead, int limit, Predicate<Broadcast> pointless) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        int allowed = transmitLimit.getAsInt();
        List<byte[]> taken = new ArrayList<>();
        List<Entry> again = new ArrayList<>();
        List<Entry> done = new ArrayList<>();
        int free = limit;
        while (free > overhead) {
            Entry fitting = firstThatFits(free - overhead);
            if (fitting == null) {
                break;
            }
            remove(fitting);
            if (pointless.test(fitting.broadcast)) {
                again.add(fitting);
                continue;
            }
            taken.add(fitting.broadcast.message());
            free -= overhead + fitting.length;
            int transmits = fitting.transmits + 1;
            if (transmits >= allowed) {
                done.add(fitting);
            } else {
                again.add(new Entry(fitting.broadcast, fitting.name, transmits, fitting.length, fitting.id));
            }
        }
        again.forEach(this::add);
        done.forEach(TransmitLimitedQueue::finish);
        return taken;
    }

    /** {@return the length of the first message that {@link #take} would give, or -1 if none fits} */
    public int nextLength(int overhead, int limit) {
        Entry next = limit > overhead ? firstThatFits(limit - overhead) : null;
        return next == null ? -1 : next.length;
    }

    private @Nullable Entry firstThatFits(int maxLength) {
        if (waiting.isEmpty()) {
            return null;
        }
        int tier = waiting.first().transmits;
        while (true) {
            // This key sorts just before all entries of the tier that have at most that length.
            Entry fitting = waiting.ceiling(new Entry(NONE, null, tier, maxLength, Long.MAX_VALUE));
            if (fitting == null || fitting.transmits == tier) {
                return fitting;
            }
            // Nothing of this tier fits. The entry found is the largest of a later tier, and may be too large as well.
            tier = fitting.transmits;
        }
    }

    /** {@return how many broadcasts wait} */
    public int size() {
        return waiting.size();
    }

    /** {@return how many bytes the waiting messages have together} */
    public long bytes() {
        return waitingBytes;
    }

    /**
     * {@return whether one more can be queued without dropping one that was never handed out}
     *
     * @param max how many may wait; {@link #prune} enforces it
     */
    public boolean hasRoom(int max) {
        return waiting.size() < max || !waiting.isEmpty() && waiting.last().transmits > 0;
    }

    /** Drops and finishes broadcasts, those that were sent most often first, until at most this many wait. */
    public void prune(int retain) {
        List<Entry> dropped = new ArrayList<>();
        while (waiting.size() > retain) {
            dropped.add(waiting.last());
            remove(waiting.last());
        }
        dropped.forEach(TransmitLimitedQueue::finish);
    }

    /** Drops and finishes all broadcasts. */
    public void clear() {
        prune(0);
    }

    /** {@return the waiting broadcasts, in the order in which they would be sent} */
    public List<Broadcast> snapshot() {
        return waiting.stream().map(Entry::broadcast).toList();
    }

    /** Notifies the broadcast, and catches what it throws so that the queue stays consistent. */
    private static void finish(Entry entry) {
        try {
            entry.broadcast.finished();
        } catch (Throwable e) {
            log.error("a broadcast failed in finished()", e);
        }
    }

    private void add(Entry entry) {
        waiting.add(entry);
        waitingBytes += entry.length;
        if (entry.name != null) {
            named.put(entry.name, entry);
        }
    }

    private void remove(Entry entry) {
        waiting.remove(entry);
        waitingBytes -= entry.length;
        if (entry.name != null) {
            named.remove(entry.name);
        }
    }

    /** A waiting broadcast and its place in the order. */
    private record Entry(Broadcast broadcast, @Nullable String name, int transmits, int length, long id) {
        boolean isPlain() {
            return name == null && !(broadcast instanceof UniqueBroadcast);
        }
    }
}
