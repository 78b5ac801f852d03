package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A firewall that lets one of the two protocols through: both members stay, and both say what is wrong. */
class BlockedProtocolSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void membersWithoutUdpStayAndSayItInFewLines() {
        try (HostNetwork network = HostNetwork.of(2)) {
            List<MemberProcess> pair = pair(network);
            network.hosts().forEach(host -> host.run("iptables", "-A", "INPUT", "-p", "udp", "-j", "DROP"));
            for (MemberProcess member : pair) {
                await().atMost(SOON).until(() -> member.ask("partly").endsWith("=STREAMS_ONLY"));
            }

            network.heal();
            for (MemberProcess member : pair) {
                await().atMost(SOON).until(() -> member.ask("partly").isEmpty());
                assertThat(member.members()).containsExactlyInAnyOrder("a", "b");
                // Go's line at once and every ten seconds, and one that sums it up; a member that cannot be pinged is
                // suspected at times, and refutes.
                assertThat(lines(member, " WARN ")).hasSizeBetween(2, 12);
                assertThat(lines(member, "UDP probes failed")).hasSizeBetween(1, 7);
                assertThat(lines(member, "answers over TCP and not over UDP")).hasSize(1);
                assertThat(lines(member, " ERROR ")).isEmpty();
                assertThat(lines(member, "(from: " + (member == pair.get(0) ? "a" : "b") + ")"))
                        .isEmpty();
            }
        }
    }

    @Test
    void membersWithoutTcpStayAndSayIt() {
        try (HostNetwork network = HostNetwork.of(2)) {
            List<MemberProcess> pair = pair(network);
            network.hosts().forEach(host -> host.run("iptables", "-A", "INPUT", "-p", "tcp", "-j", "DROP"));
            // The first stream that fails; otherwise that is the next push/pull.
            pair.get(0).ask("deliver b 10");
            pair.get(1).ask("deliver a 10");
            for (MemberProcess member : pair) {
                await().atMost(SOON).until(() -> member.ask("partly").endsWith("=PACKETS_ONLY"));
            }

            network.heal();
            for (MemberProcess member : pair) {
                await().atMost(SOON).until(() -> member.ask("partly").isEmpty());
                // The application is told a moment after the member knows.
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(lines(member, "! ReachabilityChanged"))
                                .hasSize(2));
                assertThat(lines(member, "answers over UDP and not over TCP")).hasSize(1);
                // The other one that may come says that the push/pulls failed.
                assertThat(lines(member, " WARN ")).hasSizeBetween(1, 2);
                assertThat(lines(member, " ERROR ")).isEmpty();
            }
        }
    }

    private static List<MemberProcess> pair(HostNetwork network) {
        MemberProcess a = network.host(1).member("a", "preset=local", "probe-interval=300");
        MemberProcess b = network.host(2)
                .member(
                        "b",
                        "preset=local",
                        "probe-interval=300",
                        "seed=" + network.host(1).address());
        a.awaitMembers(SOON, "a", "b");
        b.awaitMembers(SOON, "a", "b");
        return List.of(a, b);
    }

    static List<String> lines(MemberProcess member, String part) {
        return member.lines().stream().filter(line -> line.contains(part)).toList();
    }
}
