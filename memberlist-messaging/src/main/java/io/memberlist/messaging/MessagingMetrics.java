package io.memberlist.messaging;

import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.metrics.SnapshotMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Binds the meters of a member's cluster messages to a Micrometer registry. They are read once for each scrape. */
public final class MessagingMetrics implements MeterBinder {
    private final ClusterMessaging messaging;
    private final Tags tags;

    /** @param messaging what to measure */
    public MessagingMetrics(ClusterMessaging messaging) {
        this(messaging, List.of());
    }

    /**
     * @param messaging what to measure
     * @param tags added to every meter, to tell several members in one registry apart
     */
    public MessagingMetrics(ClusterMessaging messaging, Iterable<Tag> tags) {
        this.messaging = messaging;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters =
                new Meters(registry, messaging, new SnapshotMeters<>(registry, tags, ClusterMessaging::statistics));
        meters.messages();
        meters.waiting();
        meters.drops();
    }

    /** Registers the gauges and counters at one registry. */
    private record Meters(
            MeterRegistry registry,
            ClusterMessaging messaging,
            SnapshotMeters<ClusterMessaging, MessagingStatistics> snapshots) {
        void messages() {
            messages("broadcast", MessagingStatistics::broadcasts);
            messages("sent", MessagingStatistics::sent);
            messages("received", MessagingStatistics::received);
            messages("delivered", MessagingStatistics::delivered);
            messages("failed", MessagingStatistics::handlerFailures);
            messages("relayed", MessagingStatistics::relayed);
            messages("repaired", MessagingStatistics::repaired);
            messages("repair_sent", MessagingStatistics::repairsSent);
            messages("late", MessagingStatistics::late);
            messages("stream_retried", MessagingStatistics::streamRetries);
        }

        void waiting() {
            waiting("outgoing", MessagingStatistics::outgoing);
            waiting("held", MessagingStatistics::held);
            waiting("stored", MessagingStatistics::stored);
            snapshots
                    .gauge("memberlist.messaging.stored.size", messaging, MessagingStatistics::storedBytes)
                    .description("Bytes of the broadcasts kept for members that missed them")
                    .baseUnit("bytes")
                    .register(registry);
        }

        void drops() {
            for (MessageDropReason reason : MessageDropReason.values()) {
                String name = reason.name().toLowerCase(Locale.ROOT);
                snapshots
                        .counter(
                                "memberlist.messaging.drops",
                                messaging,
                                now -> now.drops().getOrDefault(name, 0L))
                        .description("Cluster messages not delivered, passed on or sent, by reason")
                        .baseUnit("drops")
                        .tag("reason", name)
                        .register(registry);
            }
        }

        private void messages(String what, ToDoubleFunction<MessagingStatistics> value) {
            snapshots
                    .counter("memberlist.messaging.messages", messaging, value)
                    .description("Cluster messages, by what was done with them")
                    .baseUnit("messages")
                    .tag("what", what)
                    .register(registry);
        }

        private void waiting(String where, ToDoubleFunction<MessagingStatistics> value) {
            snapshots
                    .gauge("memberlist.messaging.waiting", messaging, value)
                    .description("Cluster messages that are here now, by why")
                    .baseUnit("messages")
                    .tag("where", where)
                    .register(registry);
        }
    }
}
