package io.memberlist.messaging;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted. Written on the loop, by handlers' threads and by callers; read from anywhere. */
final class MessagingCounters {
    final LongAdder broadcasts = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder handlerFailures = new LongAdder();
    final LongAdder relayed = new LongAdder();
    final LongAdder repaired = new LongAdder();
    final LongAdder repairsSent = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder streamRetries = new LongAdder();
    private final Map<MessageDropReason, LongAdder> drops = new EnumMap<>(MessageDropReason.class);

    MessagingCounters() {
        for (MessageDropReason reason : MessageDropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    void drop(MessageDropReason reason) {
        LongAdder count = drops.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    Map<String, Long> drops() {
        Map<String, Long> result = new HashMap<>();
        drops.forEach((reason, count) -> {
            if (count.sum() > 0) {
                result.put(reason.name().toLowerCase(Locale.ROOT), count.sum());
            }
        });
        return result;
    }
}
