package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members advertise the address of their machine that leads to the others. */
@Execution(ExecutionMode.CONCURRENT)
class AddressSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void theBridgeOfDockerIsNotAdvertised() {
        try (HostNetwork network = HostNetwork.of(2)) {
            for (Host host : network.hosts()) {
                host.ip("link", "add", "docker0", "type", "bridge");
                host.ip("addr", "add", "172.17.0.1/16", "dev", "docker0");
                host.ip("link", "set", "docker0", "up");
            }
            MemberProcess a = network.host(1).member("a");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1");

            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");
            assertThat(a.address()).isEqualTo("10.77.0.1:7946");
            assertThat(b.address()).isEqualTo("10.77.0.2:7946");
            assertThat(a.lines())
                    .anyMatch(
                            line -> line.contains("a: advertising 10.77.0.1 of eth0: a private address of the interface"
                                    + " with the default route; passed over 172.17.0.1 (docker0)"));
        }
    }

    @Test
    void aMemberWithoutIPv4AdvertisesIPv6() {
        try (HostNetwork network = HostNetwork.of(3)) {
            for (Host host : network.hosts()) {
                host.ip("addr", "flush", "dev", "eth0");
                host.ip("addr", "add", "fd77::" + last(host) + "/64", "dev", "eth0", "nodad");
                host.etc("hosts", "fd77::1 one\n::1 localhost\n127.0.0.1 localhost\n");
            }
            MemberProcess a = network.host(1).member("a");
            MemberProcess b = network.host(2).member("b", "seed=[fd77::1]:7946");
            MemberProcess c = network.host(3).member("c", "seed=one:7946");

            for (MemberProcess each : List.of(a, b, c)) {
                each.awaitMembers(SOON, "a", "b", "c");
                assertThat(each.ask("address-problem")).isEqualTo("none");
            }
            assertThat(a.address()).isEqualTo("fd77:0:0:0:0:0:0:1:7946");
        }
    }

    @Test
    void aMemberThatListensToBothFamiliesMeetsOneThatListensToIPv4() {
        try (HostNetwork network = HostNetwork.of(2)) {
            MemberProcess a = network.host(1).member("a", "bind=:::7946");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1");

            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");
            assertThat(a.address()).isEqualTo("10.77.0.1:7946");
        }
    }

    @Test
    void aMemberStartsWithoutAnAddressAndAdvertisesTheFirstThatItGets() {
        try (HostNetwork network = HostNetwork.of(2)) {
            Host one = network.host(1);
            one.ip("addr", "flush", "dev", "eth0");
            MemberProcess a = one.member("a", "seed=10.77.0.2");
            MemberProcess b = network.host(2).member("b");
            assertThat(a.address()).isEqualTo("127.0.0.1:7946");
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(a.ask("address-problem"))
                                    .isEqualTo(
                                            "this member advertises 127.0.0.1, and its seeds are on other machines, which cannot"
                                                    + " reach it there: it advertises another address as soon as this machine has one"));
            assertThat(a.lines()).anyMatch(line -> line.contains("WARN") && line.contains("10.77.0.2:7946"));

            one.ip("addr", "add", "10.77.0.1/24", "dev", "eth0");

            await().atMost(SOON).untilAsserted(() -> assertThat(a.address()).isEqualTo("10.77.0.1:7946"));
            assertThat(a.ask("address-problem")).isEqualTo("none");
            MemberProcess c =
                    network.host(2).member("c", "bind=0.0.0.0:7947", "seed=10.77.0.1:7946", "seed=10.77.0.2:7946");
            for (MemberProcess each : List.of(a, b, c)) {
                each.awaitMembers(SOON, "a", "b", "c");
            }
        }
    }

    @Test
    void anInterfaceOrANetworkMayBeChosen() {
        try (HostNetwork network = HostNetwork.of(1)) {
            Host host = network.host(1);
            host.ip("link", "add", "eth1", "type", "veth", "peer", "name", "other");
            host.ip("addr", "add", "192.168.5.5/24", "dev", "eth1");
            host.ip("link", "set", "eth1", "up");
            host.ip("link", "set", "other", "up");

            assertThat(host.member("a", "bind=0.0.0.0:7001", "advertise-interface=eth1")
                            .address())
                    .isEqualTo("192.168.5.5:7001");
            assertThat(host.member("b", "bind=0.0.0.0:7002", "advertise-network=192.168.0.0/16")
                            .address())
                    .isEqualTo("192.168.5.5:7002");
        }
    }

    @Test
    void membersMeetInTheNetworkOfTheirSeedsAlthoughTheDefaultRouteLeadsElsewhere() {
        try (HostNetwork network = HostNetwork.of(2)) {
            for (Host host : network.hosts()) {
                // as in Docker Swarm: the default route leads to a bridge that exists on each machine by itself
                host.ip("link", "add", "eth1", "type", "veth", "peer", "name", "other");
                host.ip("addr", "add", "172.18.0.3/16", "dev", "eth1");
                host.ip("link", "set", "eth1", "up");
                host.ip("link", "set", "other", "up");
                host.ip("route", "replace", "default", "via", "172.18.0.1", "dev", "eth1");
            }
            MemberProcess a = network.host(1).member("a", "seed=10.77.0.1", "seed=10.77.0.2");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1", "seed=10.77.0.2");

            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");
            assertThat(a.address()).isEqualTo("10.77.0.1:7946");
            assertThat(b.address()).isEqualTo("10.77.0.2:7946");
        }
    }

    private static String last(Host host) {
        return host.address().substring(host.address().lastIndexOf('.') + 1);
    }
}
