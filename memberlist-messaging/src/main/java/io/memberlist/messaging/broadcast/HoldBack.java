package io.memberlist.messaging.broadcast;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.repair.IdWindow;
import io.memberlist.transport.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the broadcasts of one origin on one topic into their order: what comes before its turn waits, for a bounded time
 * and in bounded number, for what is missing. What comes after its turn is delivered late, and says so.
 */
public final class HoldBack {
    private static final int MAX_TOPICS = 8192;
    public static final int MAX_HELD = 4096;
    private static final long MAX_HELD_BYTES = 16L * 1024 * 1024;
    /** On a topic met in its middle, how many earlier messages are worth waiting for. */
    private static final int FIRST_LOOK_BACK = 256;

    private final EventLoop loop;
    private final long holdNanos;
    private final long behindLargeNanos;
    private final MessagingCounters counters;
    private final Handover handover;
    private final Map<Key, Line> lines = new LinkedHashMap<>(16, 0.75f, true);
    private volatile int held;
    private long heldBytes;

    /**
     * @param holdNanos how long a message waits for an earlier one
     * @param behindLargeNanos how long where the earlier one may be large
     */
    public HoldBack(
            EventLoop loop, long holdNanos, long behindLargeNanos, MessagingCounters counters, Handover handover) {
        this.loop = loop;
        this.holdNanos = holdNanos;
        this.behindLargeNanos = behindLargeNanos;
        this.counters = counters;
        this.handover = handover;
    }

    /** Where messages go when it is their turn. */
    @FunctionalInterface
    public interface Handover {
        void deliver(Envelope envelope, Arrival arrival, boolean late);
    }

    private record Key(Origin origin, String topic) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byOrigin = origin.compareTo(other.origin);
            return byOrigin != 0 ? byOrigin : topic.compareTo(other.topic);
        }
    }

    private record Held(Envelope envelope, Arrival arrival, long untilNanos) {}

    private static final class Line {
        final TreeMap<Long, Held> waiting = new TreeMap<>();
        long next;
        /** No later than the first of those that wait gives up. */
        long dueNanos;

        EventLoop.Timer timer = () -> {};

        Line(long next) {
            this.next = next;
        }
    }

    /** Takes a new message. */
    public void accept(Envelope envelope, Arrival arrival, IdWindow window) {
        boolean earlierMissing = holdNanos > 0 && window.gapBelow(envelope.number());
        Line line = line(envelope, earlierMissing);
        long order = envelope.order();
        if (order < line.next || line.waiting.containsKey(order)) {
            // Also a second one that claims the same turn, which only a forger sends: the first keeps it.
            counters.late.increment();
            handover.deliver(envelope, arrival, true);
            return;
        }
        if (order != line.next && earlierMissing) {
            if (held < MAX_HELD && heldBytes + envelope.bytes().length <= MAX_HELD_BYTES) {
                hold(line, envelope, arrival);
                return;
            }
            counters.drop(MessageDropReason.HOLD_BACK_FULL);
        }
        releaseBelow(line, order);
        deliverInTurn(line, envelope, arrival);
        deliverReady(line);
    }

    /** {@return whether a later message of the same origin and topic waits for this one} */
    public boolean isAwaited(Envelope envelope) {
        Line line = lines.get(new Key(envelope.origin(), envelope.topic()));
        return line != null && !line.waiting.isEmpty() && envelope.order() < line.waiting.lastKey();
    }

    /** {@return how many wait; may be asked from anywhere} */
    public int held() {
        return held;
    }

    void stop() {
        lines.values().forEach(line -> line.timer.cancel());
        lines.clear();
        held = 0;
        heldBytes = 0;
    }

    private Line line(Envelope envelope, boolean earlierMissing) {
        Key key = new Key(envelope.origin(), envelope.topic());
        Line line = lines.get(key);
        if (line == null) {
            boolean wait = earlierMissing && envelope.order() <= FIRST_LOOK_BACK;
            line = new Line(wait ? 1 : envelope.order());
            lines.put(key, line);
            if (lines.size() > MAX_TOPICS) {
                forgetSilentest();
            }
        }
        return line;
    }

    private void hold(Line line, Envelope envelope, Arrival arrival) {
        boolean behindLarge = envelope.has(EnvelopeFormat.BEHIND_LARGE);
        long until = loop.nanoTime() + (behindLarge ? behindLargeNanos : holdNanos);
        line.waiting.put(envelope.order(), new Held(envelope, arrival, until));
        held++;
        heldBytes += envelope.bytes().length;
        if (line.waiting.size() == 1 || until - line.dueNanos < 0) {
            schedule(line, until);
        }
    }

    private void schedule(Line line, long dueNanos) {
        line.timer.cancel();
        line.dueNanos = dueNanos;
        line.timer = loop.schedule(Math.max(0, dueNanos - loop.nanoTime()), () -> goOn(line));
    }

    /** What is missing has not come in time: for one that has waited long enough, and then for those before it as well. */
    private void goOn(Line line) {
        long now = loop.nanoTime();
        long last = line.next - 1;
        long due = now + behindLargeNanos;
        for (Map.Entry<Long, Held> one : line.waiting.entrySet()) {
            long until = one.getValue().untilNanos();
            if (until - now <= 0) {
                last = one.getKey();
            } else if (until - due < 0) {
                due = until;
            }
        }
        if (last >= line.next) {
            releaseBelow(line, last);
            line.next = last;
            deliverReady(line);
        }
        if (!line.waiting.isEmpty()) {
            schedule(line, due);
        }
    }

    private void deliverReady(Line line) {
        for (Held ready = line.waiting.remove(line.next); ready != null; ready = line.waiting.remove(line.next)) {
            release(line, ready);
        }
        if (line.waiting.isEmpty()) {
            line.timer.cancel();
        }
    }

    private void releaseBelow(Line line, long order) {
        Map.Entry<Long, Held> first = line.waiting.firstEntry();
        while (first != null && first.getKey() < order) {
            line.waiting.remove(first.getKey());
            release(line, first.getValue());
            first = line.waiting.firstEntry();
        }
    }

    private void release(Line line, Held one) {
        held--;
        heldBytes -= one.envelope().bytes().length;
        deliverInTurn(line, one.envelope(), one.arrival());
    }

    private void deliverInTurn(Line line, Envelope envelope, Arrival arrival) {
        line.next = envelope.order() + 1;
        handover.deliver(envelope, arrival, false);
    }

    private void forgetSilentest() {
        Iterator<Line> silentFirst = lines.values().iterator();
        Line line = silentFirst.next();
        silentFirst.remove();
        line.timer.cancel();
        releaseBelow(line, Long.MAX_VALUE);
        line.next = Long.MAX_VALUE;
        deliverReady(line);
    }
}
