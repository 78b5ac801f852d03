package io.memberlist.scenes;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members on hosts of their own find each other, and notice that the cable is out. */
class CutSceneIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void twoHostsAreOneClusterUntilTheyAreCutApart() {
        try (HostNetwork network = HostNetwork.of(2)) {
            Host one = network.host(1);
            Host two = network.host(2);
            MemberProcess a = one.member("a");
            MemberProcess b = two.member("b", "seed=" + one.address());
            a.awaitMembers(SOON, "a", "b");
            b.awaitMembers(SOON, "a", "b");

            network.cut(List.of(one), List.of(two));
            a.awaitMembers(SOON, "a");

            network.heal();
            a.awaitMembers(SOON.multipliedBy(3), "a", "b");
        }
    }
}
