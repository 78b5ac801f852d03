package io.memberlist;

import static io.memberlist.testing.TestNameServer.answer;
import static io.memberlist.testing.TestNameServer.code;
import static io.memberlist.testing.TestNameServer.resolvConf;
import static io.memberlist.testing.TestNameServer.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.testing.TestNameServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining by DNS and over IPv6, on real sockets. */
class DnsAndIpv6JoinIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NO_PROBE = Duration.ofHours(1);

    private final List<Memberlist> started = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void closeAll() {
        started.forEach(Memberlist::close);
    }

    private Memberlist start(String ip, MemberlistConfigBuilder config) {
        Memberlist member = Memberlist.create(
                config.network(n -> n.bindAddress(ip).bindPort(0)).build());
        started.add(member);
        return member;
    }

    private static int portOf(Memberlist member) {
        return member.localMember().address().getPort();
    }

    private static void assumeIpv6() {
        try {
            new DatagramSocket(new InetSocketAddress("::1", 0)).close();
        } catch (IOException e) {
            Assumptions.abort("no IPv6 on this machine: " + e.getMessage());
        }
    }

    @Test
    void membersAreFoundByAddressAndServiceRecords() throws Exception {
        Memberlist a = start("127.0.0.1", MemberlistConfig.local().nodeName("a"));
        Memberlist b = start("127.0.0.1", MemberlistConfig.local().nodeName("b"));
        try (TestNameServer server = new TestNameServer(InetAddress.getByName("127.0.0.1"), q -> switch (q.name()) {
            case "_g._tcp.members.example" ->
                answer(
                        q,
                        service(1, 1, portOf(a), "host.members.example"),
                        service(1, 1, portOf(b), "host.members.example"));
            case "host.members.example" -> answer(q, TestNameServer.address("127.0.0.1"));
            default -> code(q, TestNameServer.NXDOMAIN);
        })) {
            String file = resolvConf(directory, "nameserver " + server.text());
            Memberlist c =
                    start("127.0.0.1", MemberlistConfig.local().nodeName("c").network(n -> n.dnsConfigPath(file)));

            JoinResult bySrv = c.join("dnssrv+_g._tcp.members.example").get(10, TimeUnit.SECONDS);
            JoinResult byDns = c.join("a/dns+host.members.example:" + portOf(a)).get(10, TimeUnit.SECONDS);
            JoinResult byHost = c.join("host.members.example:" + portOf(b)).get(10, TimeUnit.SECONDS);

            assertThat(bySrv.reached()).containsExactlyInAnyOrder("127.0.0.1:" + portOf(a), "127.0.0.1:" + portOf(b));
            assertThat(byDns.reached()).containsExactly("127.0.0.1:" + portOf(a));
            assertThat(byHost.reached()).containsExactly("127.0.0.1:" + portOf(b));
            assertThat(server.asked()).contains("tcp A host.members.example", "udp SRV _g._tcp.members.example");
            await().atMost(SOON).until(() -> a.numMembers() == 3 && b.numMembers() == 3);

            assertThatThrownBy(() -> c.join("dnssrv+_none._tcp.members.example").get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("dnssrv+_none._tcp.members.example")
                    .hasMessageContaining("name server " + server.text() + " has no SRV records");
        }
    }

    @Test
    void membersOnIpv6JoinProbeAndTalk() throws Exception {
        assumeIpv6();
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        Memberlist a = start("::1", MemberlistConfig.local().nodeName("a"));
        Memberlist b = start(
                "::1",
                MemberlistConfig.local()
                        .nodeName("b")
                        .delegates(d -> d.message(m -> messages.add(new String(m, StandardCharsets.UTF_8)))));

        JoinResult result = b.join("[::1]:" + portOf(a)).get(10, TimeUnit.SECONDS);

        assertThat(result.reached()).containsExactly("[0:0:0:0:0:0:0:1]:" + portOf(a));
        await().atMost(SOON).until(() -> a.numMembers() == 2 && b.numMembers() == 2);
        assertThat(a.member("b").orElseThrow().address().getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(a.ping("b", b.localMember().address()).get(5, TimeUnit.SECONDS))
                .isPositive();
        a.sendBestEffort(a.member("b").orElseThrow(), "packet".getBytes(StandardCharsets.UTF_8))
                .get(5, TimeUnit.SECONDS);
        assertThat(messages.poll(5, TimeUnit.SECONDS)).isEqualTo("packet");
        a.sendReliable(a.member("b").orElseThrow(), "stream".getBytes(StandardCharsets.UTF_8))
                .get(5, TimeUnit.SECONDS);
        assertThat(messages.poll(5, TimeUnit.SECONDS)).isEqualTo("stream");
        await().atMost(SOON).until(() -> a.statistics().probes() > 2);
        assertThat(a.statistics().probesFailed()).isZero();
        assertThat(a.member("b").orElseThrow().state()).isEqualTo(MemberState.ALIVE);
    }

    @Test
    void aBareIpv6AddressStandsForTheDefaultPort() throws Exception {
        assumeIpv6();
        Memberlist a = start("::1", MemberlistConfig.local().nodeName("a").probe(p -> p.interval(NO_PROBE)));
        // Another address of the same port: seeds without a port have the bound port.
        Memberlist b = Memberlist.create(MemberlistConfig.local()
                .nodeName("b")
                .network(n -> n.bindAddress("127.0.0.1").bindPort(portOf(a)))
                .build());
        started.add(b);

        for (String seed : List.of("::1", "[::1]", "a/::1", "dns+::1")) {
            assertThat(b.join(seed).get(10, TimeUnit.SECONDS).reached())
                    .as(seed)
                    .containsExactly("[0:0:0:0:0:0:0:1]:" + portOf(a));
        }
    }

    @Test
    void aZoneThatDoesNotExistIsNamed() {
        Memberlist a = start("127.0.0.1", MemberlistConfig.local().nodeName("a"));

        assertThatThrownBy(() -> a.join("[fe80::1%nowhere9]:7946").get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("[fe80::1%nowhere9]:7946: cannot resolve host 'fe80::1%nowhere9'");
    }
}
