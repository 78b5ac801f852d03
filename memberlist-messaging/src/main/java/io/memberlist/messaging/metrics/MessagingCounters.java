package io.memberlist.messaging.metrics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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
    private final Map<MessageDropReason, LongAdder> drops = new EnumMap<>(MessageDropReason.class);

    public MessagingCounters() {
        for (MessageDropReason reason : MessageDropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    public void drop(MessageDropReason reason) {
        LongAdder count = drops.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    public Map<String, Long> drops() {
        Map<String, Long> result = new HashMap<>();
        drops.forEach((reason, count) -> {
            if (count.sum() > 0) {
                result.put(reason.name().toLowerCase(Locale.ROOT), count.sum());
            }
        });
        return result;
    }

    /** What a member holds now. */
    public record Held(int outgoing, int stored, long storedBytes, int heldBack, int origins) {
        /** Nothing. */
        public static final Held NOTHING = new Held(0, 0, 0, 0, 0);
    }

    /** {@return what was counted so far, with what is held now} */
    public MessagingStatistics statistics(Held held) {
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
                held.outgoing(),
                held.stored(),
                held.storedBytes(),
                held.heldBack(),
                held.origins(),
                drops());
    }
}
