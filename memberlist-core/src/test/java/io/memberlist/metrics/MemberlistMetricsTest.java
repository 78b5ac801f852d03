package io.memberlist.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every meter, fed by a real cluster in which one member fails. */
class MemberlistMetricsTest {
    private final VirtualCluster cluster = new VirtualCluster(3);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Memberlist member;

    @BeforeEach
    void aClusterThatLosesAMember() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        member = all.get(1);
        new MemberlistMetrics(member, Tags.of("cluster", "test")).bindTo(registry);
        cluster.crash(all.get(2));
        cluster.runUntil("the member is found dead", () -> member.numMembers() == 2);
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private Timer timer(String name) {
        return registry.get(name).tag("cluster", "test").timer();
    }

    @Test
    void membersAreCountedByState() {
        assertThat(gauge("memberlist.members", "state", "alive", "cluster", "test"))
                .isEqualTo(2);
        assertThat(gauge("memberlist.members", "state", "dead")).isEqualTo(1);
        assertThat(gauge("memberlist.members", "state", "left")).isZero();
    }

    @Test
    void healthAndQueueShowWhatTheMemberSays() {
        assertThat(gauge("memberlist.health.score")).isEqualTo(member.healthScore());
        assertThat(gauge("memberlist.broadcasts.queued"))
                .isEqualTo(member.statistics().queuedBroadcasts());
        assertThat(gauge("memberlist.messages.queued")).isZero();
    }

    @Test
    void packetsAndStreamsAreCountedWithTheirBytes() {
        for (String name : List.of(
                "memberlist.packets.sent",
                "memberlist.packets.received",
                "memberlist.packets.sent.size",
                "memberlist.packets.received.size",
                "memberlist.streams.opened",
                "memberlist.streams.sent.size",
                "memberlist.streams.received.size")) {
            assertThat(count(name)).as(name).isPositive();
        }
        assertThat(count("memberlist.streams.accepted"))
                .isEqualTo(member.statistics().streamsAccepted());
    }

    @Test
    void newsIsCountedByKind() {
        assertThat(count("memberlist.news", "kind", "alive")).isGreaterThanOrEqualTo(2);
        assertThat(count("memberlist.news", "kind", "suspect")).isGreaterThanOrEqualTo(1);
        assertThat(count("memberlist.news", "kind", "dead")).isEqualTo(1);
    }

    @Test
    void probesAndExchangesAreTimed() {
        assertThat(count("memberlist.probes")).isPositive();
        assertThat(timer("memberlist.probe.time").mean(TimeUnit.MILLISECONDS)).isBetween(1.0, 8_000.0);
        // a packet is under way for 1 to 3 ms each way
        assertThat(timer("memberlist.probe.rtt").mean(TimeUnit.MILLISECONDS)).isBetween(2.0, 7.0);
        cluster.run(Duration.ofSeconds(60));
        assertThat(timer("memberlist.pushpull.time").count()).isPositive();
        assertThat(timer("memberlist.pushpull.time").totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        assertThat(timer("memberlist.gossip.time").count()).isPositive();
        assertThat(timer("memberlist.loop.lag").count()).isPositive();
    }

    @Test
    void theSizesOfStatesAreMeasured() {
        cluster.run(Duration.ofSeconds(60));

        for (String direction : List.of("sent", "received")) {
            DistributionSummary sizes = registry.get("memberlist.pushpull.size")
                    .tag("direction", direction)
                    .summary();
            assertThat(sizes.count()).isPositive();
            assertThat(sizes.mean()).as(direction).isBetween(50.0, 1_000.0);
        }
    }

    @Test
    void whatIsDegradedIsCounted() {
        cluster.isolate(member);
        cluster.run(Duration.ofSeconds(60));

        assertThat(count("memberlist.probes.failed")).isPositive();
        assertThat(count("memberlist.probes.degraded")).isPositive();
        assertThat(count("memberlist.suspicions.degraded"))
                .isEqualTo(member.statistics().degradedSuspicions());
        assertThat(count("memberlist.drops", "reason", "malformed")).isZero();
    }
}
