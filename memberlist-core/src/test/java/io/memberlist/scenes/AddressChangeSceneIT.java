package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine gets another address while its member runs. */
class AddressChangeSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void othersFollowAMemberToItsNewAddress() {
        try (HostNetwork network = HostNetwork.of(3)) {
            MemberProcess a = network.host(1).member("a");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1");
            MemberProcess c = network.host(3).member("c", "seed=10.77.0.1");
            for (MemberProcess each : List.of(a, b, c)) {
                each.awaitMembers(SOON, "a", "b", "c");
            }

            network.host(2).ip("addr", "del", "10.77.0.2/24", "dev", "eth0");
            network.host(2).ip("addr", "add", "10.77.0.22/24", "dev", "eth0");

            for (MemberProcess each : List.of(a, b, c)) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(each.views("members"))
                                .containsExactlyInAnyOrder(
                                        "a@10.77.0.1:7946=ALIVE", "b@10.77.0.22:7946=ALIVE", "c@10.77.0.3:7946=ALIVE"));
            }
            assertThat(b.lines()).anyMatch(line -> line.startsWith("! Updated b@10.77.0.22:7946"));
            assertThat(List.of(a, c))
                    .allSatisfy(each -> assertThat(each.lines())
                            .noneMatch(line -> line.contains("Conflicting address") || line.startsWith("! Failed")));
        }
    }

    @Test
    void anAddressThatComesBackChangesNothing() throws InterruptedException {
        try (HostNetwork network = HostNetwork.of(2)) {
            Host two = network.host(2);
            // Its suspicions last for 30 s at least, so that the silence of b's host alone ends in none, on a busy
            // machine.
            MemberProcess a = network.host(1).member("a", "preset=wan");
            MemberProcess b = two.member("b", "seed=10.77.0.1");
            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");

            two.ip("link", "set", "eth0", "down");
            Thread.sleep(2500);
            two.ip("link", "set", "eth0", "up");
            Thread.sleep(500);
            two.ip("addr", "del", "10.77.0.2/24", "dev", "eth0");
            Thread.sleep(500);
            two.ip("addr", "add", "10.77.0.2/24", "dev", "eth0");
            Thread.sleep(5000);

            a.awaitMembers(SOON, "a", "b");
            assertThat(b.address()).isEqualTo("10.77.0.2:7946");
            assertThat(b.ask("address-problem")).isEqualTo("none");
            assertThat(b.lines()).noneMatch(line -> line.startsWith("! Updated"));
            assertThat(a.lines()).noneMatch(line -> line.startsWith("! Failed") || line.startsWith("! Left"));
        }
    }

    @Test
    void anAddressThatWasConfiguredIsMissedAndNotReplaced() {
        try (HostNetwork network = HostNetwork.of(2)) {
            MemberProcess bound = network.host(1).member("bound", "bind=10.77.0.1:7946");
            MemberProcess advertised = network.host(2).member("advertised", "advertise=10.77.0.2");
            for (Host host : network.hosts()) {
                host.ip("addr", "del", host.address() + "/24", "dev", "eth0");
                host.ip("addr", "add", host.address() + "7/24", "dev", "eth0");
            }

            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(bound.ask("address-problem"))
                                    .startsWith(
                                            "network.bindAddress 10.77.0.1 (10.77.0.1) is no address of this machine any more"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(advertised.ask("address-problem"))
                            .startsWith(
                                    "network.advertiseAddress 10.77.0.2 (10.77.0.2) is no address of this machine"));
            assertThat(bound.address()).isEqualTo("10.77.0.1:7946");
            assertThat(advertised.address()).isEqualTo("10.77.0.2:7946");
            assertThat(bound.lines()).anyMatch(line -> line.contains("WARN") && line.contains("network.bindAddress"));
        }
    }
}
