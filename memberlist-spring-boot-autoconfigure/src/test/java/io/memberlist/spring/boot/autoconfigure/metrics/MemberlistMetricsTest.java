package io.memberlist.spring.boot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.MemberState;
import io.memberlist.metrics.MemberlistMetrics;
import io.memberlist.spring.TestMembers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberlistMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void readsTheStatisticsOfTheMember() {
        new MemberlistMetrics(
                        TestMembers.engine(
                                TestMembers.member("a", MemberState.ALIVE, ""),
                                TestMembers.member("b", MemberState.ALIVE, ""),
                                TestMembers.member("c", MemberState.DEAD, "")),
                        List.of(Tag.of("node", "a")))
                .bindTo(registry);

        assertThat(members("alive")).isEqualTo(2);
        assertThat(members("dead")).isEqualTo(1);
        assertThat(members("suspect")).isZero();
        assertThat(registry.get("memberlist.health.score").gauge().value()).isZero();
        assertThat(counter("memberlist.packets.sent")).isEqualTo(1);
        assertThat(counter("memberlist.packets.received")).isEqualTo(2);
        assertThat(counter("memberlist.packets.sent.size")).isEqualTo(3);
        assertThat(counter("memberlist.packets.received.size")).isEqualTo(4);
        assertThat(counter("memberlist.streams.opened")).isEqualTo(5);
        assertThat(counter("memberlist.streams.accepted")).isEqualTo(6);
        assertThat(counter("memberlist.probes")).isEqualTo(7);
        assertThat(counter("memberlist.probes.failed")).isEqualTo(8);
        assertThat(registry.get("memberlist.broadcasts.queued").gauge().value()).isEqualTo(9);
        assertThat(registry.get("memberlist.drops")
                        .tag("reason", "malformed")
                        .functionCounter()
                        .count())
                .isEqualTo(10);
        assertThat(registry.get("memberlist.drops").functionCounters())
                .extracting(FunctionCounter::count)
                .contains(0.0);
    }

    private double members(String state) {
        return registry.get("memberlist.members")
                .tag("node", "a")
                .tag("state", state)
                .gauge()
                .value();
    }

    private double counter(String name) {
        return registry.get(name).tag("node", "a").functionCounter().count();
    }
}
