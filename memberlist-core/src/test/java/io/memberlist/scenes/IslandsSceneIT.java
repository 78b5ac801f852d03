package io.memberlist.scenes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two halves that started apart become one cluster when the link between them comes up, by their seeds alone. */
@Execution(ExecutionMode.CONCURRENT)
class IslandsSceneIT {
    private static final Duration SOON = Duration.ofSeconds(45);

    @Test
    void halvesThatFormedApartBecomeOneCluster() {
        try (HostNetwork network = HostNetwork.of(4)) {
            network.cut(network.hosts().subList(0, 2), network.hosts().subList(2, 4));
            String[] seeds = network.hosts().stream()
                    .map(host -> "seed=" + host.address())
                    .toArray(String[]::new);
            List<MemberProcess> members = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                members.add(network.host(i).member("m" + i, seeds));
            }
            members.subList(0, 2).forEach(member -> member.awaitMembers(SOON, "m1", "m2"));
            members.subList(2, 4).forEach(member -> member.awaitMembers(SOON, "m3", "m4"));

            // What the calls of join still tried at the time is over.
            members.forEach(member -> member.awaitLine("! join", SOON));

            network.heal();

            members.forEach(member -> member.awaitMembers(SOON, "m1", "m2", "m3", "m4"));
        }
    }
}
