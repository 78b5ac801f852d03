package io.memberlist.messaging.metrics;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted. Written on the loop, by handlers' threads and by callers; read from anywhere. */
public final class MessagingCounters {
    public final LongAdder broadcasts = new LongAdder();
    public final LongAdder sent = new LongAdder();
    public final LongAdder received = new LongAdder();
    public final LongAdder delivered = new LongAdder();
    public final LongAdder handlerFailures = new LongAdder();
    public final LongAdder relayed = new LongAdder();
    public final LongAdder repaired = new LongAdder();
    public final LongAdder repairsSent = new LongAdder();
    public final LongAdder late = new LongAdder();
    public final LongAdder streamRetries = new LongAdder();
    private final Map<MessageDropReason, LongAdder> drops = new ConcurrentHashMap<>();

    public void drop(MessageDropReason reason) {
        drop(reason, 1);
    }

    public void drop(MessageDropReason reason, long count) {
        drops.computeIfAbsent(reason, first -> new LongAdder()).add(count);
    }

    public Map<String, Long> drops() {
        Map<String, Long> result = new HashMap<>();
        drops.forEach((reason, count) -> result.put(reason.name().toLowerCase(Locale.ROOT), count.sum()));
        return result;
    }

    /** {@return what was counted so far, with what a member holds now} */
    public MessagingStatistics statistics(int outgoing, int stored, long storedBytes, int heldBack, int origins) {
        return new MessagingStatistics(
                broadcasts.sum(),
                sent.sum(),
                received.sum(),
                delivered.sum(),
                handlerFailures.sum(),
                relayed.sum(),
                repaired.sum(),
                repairsSent.sum(),
                late.sum(),
                streamRetries.sum(),
                outgoing,
                stored,
                storedBytes,
                heldBack,
                origins,
                drops());
    }
}
