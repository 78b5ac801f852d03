package io.memberlist.metrics;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Micrometer's view of one member: who is in the cluster, how healthy this member feels and what it sent and received.
 * What the member counts is read when the registry asks; what it measures (times, sizes) is recorded from the binding on.
 */
public final class MemberlistMetrics implements MeterBinder {
    private final Memberlist memberlist;
    private final Tags tags;

    /** @param memberlist the member to measure */
    public MemberlistMetrics(Memberlist memberlist) {
        this(memberlist, List.of());
    }

    /**
     * @param memberlist the member to measure
     * @param tags added to every meter, to tell several members in one registry apart
     */
    public MemberlistMetrics(Memberlist memberlist, Iterable<Tag> tags) {
        this.memberlist = memberlist;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new MessagingMetrics(memberlist.messaging(), tags).bindTo(registry);
        for (MemberState state : MemberState.values()) {
            Gauge.builder("memberlist.members", memberlist, source -> count(source.allMembers(), state))
                    .description("Members known, by what is believed of them")
                    .baseUnit("members")
                    .tags(tags)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("memberlist.health.score", memberlist, Memberlist::healthScore)
                .description("Local health score: 0 is healthy, higher is worse")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "memberlist.broadcasts.queued",
                        memberlist,
                        source -> source.statistics().queuedBroadcasts())
                .description("News and user broadcasts waiting to be gossiped")
                .baseUnit("broadcasts")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "memberlist.messages.queued",
                        memberlist,
                        source -> source.statistics().queuedMessages())
                .description("User messages waiting for the application")
                .baseUnit("messages")
                .tags(tags)
                .register(registry);
        counter(registry, "memberlist.packets.sent", "packets", "Packets sent", MemberlistStatistics::packetsSent);
        counter(
                registry,
                "memberlist.packets.received",
                "packets",
                "Packets received",
                MemberlistStatistics::packetsReceived);
        counter(registry, "memberlist.bytes.sent", "bytes", "Bytes of packets sent", MemberlistStatistics::bytesSent);
        counter(
                registry,
                "memberlist.bytes.received",
                "bytes",
                "Bytes of packets received",
                MemberlistStatistics::bytesReceived);
        counter(
                registry,
                "memberlist.streams.opened",
                "streams",
                "Streams this member opened",
                MemberlistStatistics::streamsOpened);
        counter(
                registry,
                "memberlist.streams.accepted",
                "streams",
                "Streams others opened",
                MemberlistStatistics::streamsAccepted);
        counter(
                registry,
                "memberlist.streams.bytes.sent",
                "bytes",
                "Bytes written to streams",
                MemberlistStatistics::streamBytesSent);
        counter(
                registry,
                "memberlist.streams.bytes.received",
                "bytes",
                "Bytes read from streams",
                MemberlistStatistics::streamBytesReceived);
        counter(
                registry,
                "memberlist.probes.degraded",
                "probes",
                "Probes begun while the local health score was above zero",
                MemberlistStatistics::degradedProbes);
        counter(
                registry,
                "memberlist.suspicions.degraded",
                "suspicions",
                "Suspicions that timed out with fewer confirmations than were hoped for",
                MemberlistStatistics::degradedSuspicions);
        news(registry, "alive", MemberlistStatistics::aliveMessages);
        news(registry, "suspect", MemberlistStatistics::suspectMessages);
        news(registry, "dead", MemberlistStatistics::deadMessages);
        counter(registry, "memberlist.probes", "probes", "Direct probes begun", MemberlistStatistics::probes);
        counter(
                registry,
                "memberlist.probes.failed",
                "probes",
                "Probes that ended without an answer",
                MemberlistStatistics::probesFailed);
        for (DropReason reason : DropReason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            FunctionCounter.builder("memberlist.drops", memberlist, source -> drops(source, name))
                    .description("What was received or asked and not processed, by reason")
                    .baseUnit("drops")
                    .tags(tags)
                    .tag("reason", name)
                    .register(registry);
        }
        memberlist.addMeasurementListener(new Measured(registry, tags));
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String unit,
            String description,
            ToLongFunction<MemberlistStatistics> value) {
        FunctionCounter.builder(name, memberlist, source -> value.applyAsLong(source.statistics()))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private void news(MeterRegistry registry, String kind, ToLongFunction<MemberlistStatistics> value) {
        FunctionCounter.builder("memberlist.news", memberlist, source -> value.applyAsLong(source.statistics()))
                .description("Messages about members that said something new")
                .baseUnit("messages")
                .tags(tags)
                .tag("kind", kind)
                .register(registry);
    }

    private static long count(List<Member> members, MemberState state) {
        return members.stream().filter(member -> member.state() == state).count();
    }

    private static long drops(Memberlist memberlist, String reason) {
        return memberlist.statistics().drops().getOrDefault(reason, 0L);
    }
}
