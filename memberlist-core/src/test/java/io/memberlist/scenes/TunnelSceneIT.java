package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Packets on paths that take smaller ones than Ethernet does. {@link FaultCampaign} shows what whole clusters make of it. */
@Execution(ExecutionMode.CONCURRENT)
class TunnelSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void packetsPassATunnelThatLosesLargerOnesWhereTheirSizeIsSet() {
        try (HostNetwork network = HostNetwork.of(2)) {
            network.moveBehindTunnel(List.of(network.host(1)), 1280);
            MemberProcess a = network.host(1).member("a", "packet-size=1150");
            MemberProcess b =
                    network.host(2).member("b", "seed=" + network.host(1).address());
            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");

            b.ask("send a 1300");
            a.ask("send b 1100");
            b.ask("send a 1100");

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(a.lines()).contains("! message 1100").doesNotContain("! message 1300");
                assertThat(b.lines()).contains("! message 1100");
            });
        }
    }

    /** The kernel splits packets, so nothing is refused. */
    @Test
    void aMachineThatKnowsItsSmallMtuLosesNothing() {
        try (HostNetwork network = HostNetwork.of(2)) {
            network.host(1).ip("link", "set", "eth0", "mtu", "1000");
            MemberProcess a = network.host(1).member("a");
            MemberProcess b =
                    network.host(2).member("b", "seed=" + network.host(1).address());
            b.awaitMembers(SOON, "a", "b");

            a.ask("send b 1390");

            await().atMost(SOON).untilAsserted(() -> assertThat(b.lines()).contains("! message 1390"));
            assertThat(a.ask("statistics")).contains("drops={}");
        }
    }
}
