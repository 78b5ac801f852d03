package io.memberlist.metrics;

import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.MessageDropReason;
import io.memberlist.messaging.MessagingStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The meters of cluster messages, read when the registry asks. */
final class MessagingMetrics {
    private final ClusterMessaging messaging;
    private final Tags tags;

    MessagingMetrics(ClusterMessaging messaging, Tags tags) {
        this.messaging = messaging;
        this.tags = tags;
    }

    void bindTo(MeterRegistry registry) {
        messages(registry, "broadcast", MessagingStatistics::broadcasts);
        messages(registry, "sent", MessagingStatistics::sent);
        messages(registry, "received", MessagingStatistics::received);
        messages(registry, "delivered", MessagingStatistics::delivered);
        messages(registry, "failed", MessagingStatistics::handlerFailures);
        messages(registry, "relayed", MessagingStatistics::relayed);
        messages(registry, "repaired", MessagingStatistics::repaired);
        messages(registry, "repair_sent", MessagingStatistics::repairsSent);
        messages(registry, "late", MessagingStatistics::late);
        messages(registry, "stream_retried", MessagingStatistics::streamRetries);
        waiting(registry, "outgoing", MessagingStatistics::outgoing);
        waiting(registry, "held", MessagingStatistics::held);
        waiting(registry, "stored", MessagingStatistics::stored);
        Gauge.builder(
                        "memberlist.messaging.stored.size",
                        messaging,
                        source -> source.statistics().storedBytes())
                .description("Bytes of the broadcasts kept for members that missed them")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        for (MessageDropReason reason : MessageDropReason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            FunctionCounter.builder(
                            "memberlist.messaging.drops",
                            messaging,
                            source -> source.statistics().drops().getOrDefault(name, 0L))
                    .description("Cluster messages not delivered, passed on or sent, by reason")
                    .baseUnit("drops")
                    .tags(tags)
                    .tag("reason", name)
                    .register(registry);
        }
    }

    private void messages(MeterRegistry registry, String what, ToLongFunction<MessagingStatistics> value) {
        FunctionCounter.builder(
                        "memberlist.messaging.messages", messaging, source -> value.applyAsLong(source.statistics()))
                .description("Cluster messages, by what was done with them")
                .baseUnit("messages")
                .tags(tags)
                .tag("what", what)
                .register(registry);
    }

    private void waiting(MeterRegistry registry, String where, ToLongFunction<MessagingStatistics> value) {
        Gauge.builder("memberlist.messaging.waiting", messaging, source -> value.applyAsLong(source.statistics()))
                .description("Cluster messages that are here now, by why")
                .baseUnit("messages")
                .tags(tags)
                .tag("where", where)
                .register(registry);
    }
}
