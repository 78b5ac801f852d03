package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members without a configured name are named after their machines, whether those names resolve or not. */
@Execution(ExecutionMode.CONCURRENT)
class HostNameSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aHostNameThatNobodyKnowsIsTaken() {
        try (HostNetwork network = HostNetwork.of(2)) {
            MemberProcess a = member(network.host(1), "machine-1");
            MemberProcess b = member(network.host(2), "machine-2", "seed=10.77.0.1");

            a.awaitMembers(SOON, "machine-1", "machine-2");
            b.awaitMembers(SOON, "machine-1", "machine-2");
        }
    }

    @Test
    void machinesThatAreAllCalledLocalhostAreToldApart() {
        try (HostNetwork network = HostNetwork.of(2)) {
            MemberProcess a = member(network.host(1), "localhost");
            member(network.host(2), "localhost", "seed=10.77.0.1");

            await().atMost(SOON).untilAsserted(() -> assertThat(a.members()).hasSize(2));
            Set<String> names = a.members();
            assertThat(names).allMatch(name -> name.matches("localhost-[0-9a-f]{8}"));
        }
    }

    private static MemberProcess member(Host host, String hostName, String... arguments) {
        // The machine of the tests has a name of its own, which HOSTNAME may hold.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "-u",
                "HOSTNAME",
                "unshare",
                "-u",
                "sh",
                "-c",
                "hostname " + hostName + " && exec \"$@\"",
                "sh"));
        command.addAll(Host.javaCommand(MemberProgram.class, List.of(), List.of(arguments)));
        return new MemberProcess(hostName, host.start(command));
    }
}
