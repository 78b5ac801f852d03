package io.memberlist.metrics;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Binds the meters of one member to a Micrometer registry: the members it knows, its local health, and what it sent,
 * received and dropped. What the member counts is read when the registry asks, once for each scrape; what it measures
 * (times and sizes) is recorded from the binding on.
 *
 * <p>Needs {@code micrometer-core}, which a plain Java application adds to its dependencies. No other public class of the
 * engine needs it.
 */
public final class MemberlistMetrics implements MeterBinder {
    private final MetricsSource member;
    private final Tags tags;

    /** @param member the member to measure */
    public MemberlistMetrics(MetricsSource member) {
        this(member, List.of());
    }

    /**
     * @param member the member to measure
     * @param tags added to every meter, to tell several members in one registry apart
     */
    public MemberlistMetrics(MetricsSource member, Iterable<Tag> tags) {
        this.member = member;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, member, new SnapshotMeters<>(registry, tags, Snapshot::of));
        meters.gauges();
        meters.traffic();
        meters.failureDetection();
        meters.drops();
        if (member.certificateExpiresAt().isPresent()) {
            meters.certificate();
        }
        member.addMeasurementListener(new MeasurementMeters(registry, tags));
    }

    /** All that the gauges and counters of one scrape show. */
    private record Snapshot(
            MemberlistStatistics statistics,
            Map<MemberState, Integer> members,
            Map<Reachability, Integer> partlyReachable,
            int flapping,
            int healthScore,
            int installedKeys,
            long encryptedMessages) {
        static Snapshot of(MetricsSource member) {
            Map<MemberState, Integer> members = new EnumMap<>(MemberState.class);
            for (Member known : member.allMembers()) {
                members.merge(known.state(), 1, Integer::sum);
            }
            Map<Reachability, Integer> partlyReachable = new EnumMap<>(Reachability.class);
            for (PartlyReachable partly : member.partlyReachable()) {
                partlyReachable.merge(partly.reachability(), 1, Integer::sum);
            }
            return new Snapshot(
                    member.statistics(),
                    members,
                    partlyReachable,
                    member.degradedMembers().size(),
                    member.healthScore(),
                    member.installedKeys(),
                    member.encryptedMessages());
        }
    }

    /** Registers the gauges and counters at one registry. */
    private record Meters(
            MeterRegistry registry, MetricsSource member, SnapshotMeters<MetricsSource, Snapshot> snapshots) {
        void gauges() {
            for (MemberState state : MemberState.values()) {
                snapshots
                        .gauge(
                                "memberlist.members",
                                member,
                                now -> now.members().getOrDefault(state, 0))
                        .description("Members known, by what is believed of them")
                        .baseUnit("members")
                        .tag("state", lowerCase(state))
                        .register(registry);
            }
            for (Reachability reachability : List.of(Reachability.PACKETS_ONLY, Reachability.STREAMS_ONLY)) {
                snapshots
                        .gauge(
                                "memberlist.members.degraded",
                                member,
                                now -> now.partlyReachable().getOrDefault(reachability, 0))
                        .description("Live members that this one reaches over UDP only, or over TCP only")
                        .tag("reachability", lowerCase(reachability))
                        .register(registry);
            }
            snapshots
                    .gauge("memberlist.members.flapping", member, Snapshot::flapping)
                    .description("Members that fail and come back again and again, and so count as degraded")
                    .register(registry);
            snapshots
                    .gauge("memberlist.health.score", member, Snapshot::healthScore)
                    .description("Local health score: 0 is healthy, higher is worse")
                    .register(registry);
            queued(
                    "broadcasts",
                    "News and user broadcasts waiting to be gossiped",
                    MemberlistStatistics::queuedBroadcasts);
            queued("messages", "User messages waiting for the application", MemberlistStatistics::queuedMessages);
            snapshots
                    .gauge("memberlist.keys", member, Snapshot::installedKeys)
                    .description("Keys installed, each of which is tried on what the others do not decrypt")
                    .register(registry);
            snapshots
                    .gauge("memberlist.keys.encrypted", member, Snapshot::encryptedMessages)
                    .description("Messages that the primary key has encrypted here since it was installed")
                    .register(registry);
        }

        void certificate() {
            TimeGauge.builder("memberlist.tls.certificate.remaining", member, TimeUnit.SECONDS, Meters::remaining)
                    .tags(snapshots.tags())
                    .description("Time until the first of this member's own certificates ends")
                    .register(registry);
        }

        private static double remaining(MetricsSource member) {
            return member.certificateExpiresAt()
                    .map(end -> (double) Duration.between(Instant.now(), end).toSeconds())
                    .orElse(Double.NaN);
        }

        void traffic() {
            count("packets.sent", "Packets sent", MemberlistStatistics::packetsSent);
            count("packets.received", "Packets received", MemberlistStatistics::packetsReceived);
            bytes("packets.sent.size", "Bytes of packets sent", MemberlistStatistics::bytesSent);
            bytes("packets.received.size", "Bytes of packets received", MemberlistStatistics::bytesReceived);
            count("streams.opened", "Streams this member opened", MemberlistStatistics::streamsOpened);
            count(
                    "streams.failed",
                    "Streams this member could not open, or that broke",
                    MemberlistStatistics::streamsFailed);
            count("streams.accepted", "Streams others opened", MemberlistStatistics::streamsAccepted);
            bytes("streams.sent.size", "Bytes written to streams", MemberlistStatistics::streamBytesSent);
            bytes("streams.received.size", "Bytes read from streams", MemberlistStatistics::streamBytesReceived);
        }

        void failureDetection() {
            count("probes", "Direct probes begun", MemberlistStatistics::probes);
            count("probes.failed", "Probes that ended without an answer", MemberlistStatistics::probesFailed);
            count(
                    "probes.degraded",
                    "Probes begun while the local health score was above zero",
                    MemberlistStatistics::degradedProbes);
            count(
                    "suspicions.degraded",
                    "Suspicions that timed out with fewer confirmations than were hoped for",
                    MemberlistStatistics::degradedSuspicions);
            news("alive", MemberlistStatistics::aliveMessages);
            news("suspect", MemberlistStatistics::suspectMessages);
            news("dead", MemberlistStatistics::deadMessages);
        }

        void drops() {
            for (DropReason reason : DropReason.values()) {
                String name = lowerCase(reason);
                snapshots
                        .counter(
                                "memberlist.drops",
                                member,
                                now -> now.statistics().drops().getOrDefault(name, 0L))
                        .description("What was received or asked and not processed, by reason")
                        .baseUnit("drops")
                        .tag("reason", name)
                        .register(registry);
            }
        }

        private void queued(String what, String description, ToDoubleFunction<MemberlistStatistics> value) {
            snapshots
                    .gauge("memberlist." + what + ".queued", member, now -> value.applyAsDouble(now.statistics()))
                    .description(description)
                    .register(registry);
        }

        private void news(String kind, ToDoubleFunction<MemberlistStatistics> value) {
            snapshots
                    .counter("memberlist.news", member, now -> value.applyAsDouble(now.statistics()))
                    .description("Messages about members that said something new")
                    .baseUnit("messages")
                    .tag("kind", kind)
                    .register(registry);
        }

        /** Without a unit, which Prometheus would put behind a name that says already what is counted. */
        private void count(String name, String description, ToDoubleFunction<MemberlistStatistics> value) {
            snapshots
                    .counter("memberlist." + name, member, now -> value.applyAsDouble(now.statistics()))
                    .description(description)
                    .register(registry);
        }

        private void bytes(String name, String description, ToDoubleFunction<MemberlistStatistics> value) {
            snapshots
                    .counter("memberlist." + name, member, now -> value.applyAsDouble(now.statistics()))
                    .description(description)
                    .baseUnit("bytes")
                    .register(registry);
        }

        private static String lowerCase(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }
    }
}
