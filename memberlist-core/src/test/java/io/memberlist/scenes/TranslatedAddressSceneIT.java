package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A member advertises an address that its machine does not have, but a router in front of it. */
@Execution(ExecutionMode.CONCURRENT)
class TranslatedAddressSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PUBLIC = "203.0.113.1";

    @Test
    void theAddressOfARouterThatPassesPacketsOnIsAdvertised() {
        try (HostNetwork network = HostNetwork.of(2)) {
            Host behind = network.host(1);
            network.moveBehindTunnel(List.of(behind), 1500);
            network.passOn(PUBLIC, behind);
            MemberProcess a = behind.member("a", "advertise=" + PUBLIC);
            MemberProcess b = network.host(2).member("b", "seed=" + PUBLIC);
            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");

            b.ask("send a 1000");
            await().atMost(SOON).untilAsserted(() -> assertThat(a.lines()).contains("! message 1000"));
            assertThat(a.ask("address-problem")).isEqualTo("none");
        }
    }

    @Test
    void aMemberSaysThatTheAddressWhichItAdvertisesDoesNotLeadToIt() {
        try (HostNetwork network = HostNetwork.of(2)) {
            MemberProcess b = network.host(2).member("b");
            MemberProcess a = network.host(1)
                    .member(
                            "a",
                            "advertise=" + PUBLIC,
                            "seed=" + network.host(2).address());
            b.awaitMembers(SOON, "a", "b");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(a.ask("address-problem"))
                            .contains("no packet of theirs arrives")
                            .contains(PUBLIC + ":7946"));
            assertThat(b.ask("address-problem")).isEqualTo("none");
        }
    }
}
