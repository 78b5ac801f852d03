package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A crash is what a cluster is there for: nobody is told of it at a level at which somebody must act. */
class CrashLogSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aCrashOfOneInFiveIsNoWarning() {
        try (HostNetwork network = HostNetwork.of(5)) {
            List<MemberProcess> all = new ArrayList<>();
            for (Host host : network.hosts()) {
                all.add(host.member(
                        "m" + (all.size() + 1),
                        "preset=local",
                        "seed=" + network.host(1).address()));
            }
            all.forEach(member -> member.awaitMembers(SOON, "m1", "m2", "m3", "m4", "m5"));
            all.get(4).kill();
            List<MemberProcess> left = all.subList(0, 4);
            left.forEach(member -> member.awaitMembers(SOON, "m1", "m2", "m3", "m4"));
            // Every member has had its turn to exchange state since, or has tried to.
            await().pollDelay(Duration.ofSeconds(16)).atMost(SOON).until(() -> true);

            assertThat(left).allSatisfy(member -> {
                assertThat(BlockedProtocolSceneIT.lines(member, " ERROR ")).isEmpty();
                assertThat(BlockedProtocolSceneIT.lines(member, " WARN ")).isEmpty();
                assertThat(BlockedProtocolSceneIT.lines(member, "! Failed m5")).hasSize(1);
            });
        }
    }
}
