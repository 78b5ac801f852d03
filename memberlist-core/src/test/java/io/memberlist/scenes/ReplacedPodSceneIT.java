package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A process comes back under its name at another address, as a pod of a StatefulSet does; or a second one claims it. */
@Execution(ExecutionMode.CONCURRENT)
class ReplacedPodSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aKilledPodIsBackAtItsNewAddressWhetherItsMachineAnswersForTheOldOneOrNot() {
        try (HostNetwork network = HostNetwork.of(4)) {
            MemberProcess a = network.host(1).member("a");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1");
            MemberProcess first = network.host(3).member("pod-0", "seed=10.77.0.1");
            for (MemberProcess each : List.of(a, b, first)) {
                each.awaitMembers(SOON, "a", "b", "pod-0");
            }

            first.kill();
            MemberProcess second = network.host(4).member("pod-0", "seed=10.77.0.1");
            awaitPodAt("10.77.0.4", a, b, second);

            second.kill();
            network.host(4).ip("addr", "del", "10.77.0.4/24", "dev", "eth0");
            network.host(4).ip("addr", "add", "10.77.0.44/24", "dev", "eth0");
            MemberProcess third = network.host(4).member("pod-0", "seed=10.77.0.1");
            awaitPodAt("10.77.0.44", a, b, third);

            assertThat(List.of(a, b, third))
                    .allSatisfy(each -> assertThat(each.lines())
                            .noneMatch(line -> line.contains("ERROR") || line.contains("Conflicting address")));
            assertThat(third.ask("name-conflict")).isEqualTo("none");
        }
    }

    /** In the first place nobody answers for the old address, in the second the network swallows what goes there. */
    @Test
    void aStatefulSetThatIsKilledPodByPodIsWholeWithinTwentySecondsAlthoughItsOldAddressesAreSilent() throws Exception {
        try (HostNetwork network = HostNetwork.of(6)) {
            List<MemberProcess> pods = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                pods.add(network.host(i + 1).member("pod-" + i, "seed=10.77.0.1"));
            }
            for (MemberProcess each : pods) {
                each.awaitMembers(SOON, "pod-0", "pod-1", "pod-2");
            }

            for (int i = 2; i >= 0; i--) {
                Host old = network.host(i + 1);
                pods.get(i).kill();
                if (i == 1) {
                    old.run("iptables", "-I", "INPUT", "-j", "DROP");
                } else {
                    old.ip("addr", "del", old.address() + "/24", "dev", "eth0");
                }
                String next = "seed=" + pods.get((i + 1) % 3).address();
                String afterNext = "seed=" + pods.get((i + 2) % 3).address();
                pods.set(i, network.host(i + 4).member("pod-" + i, next, afterNext));
                Thread.sleep(2_000);
            }
            long lastKill = System.nanoTime();

            for (MemberProcess each : pods) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(each.views("members"))
                                .containsExactlyInAnyOrder(
                                        "pod-0@10.77.0.4:7946=ALIVE",
                                        "pod-1@10.77.0.5:7946=ALIVE",
                                        "pod-2@10.77.0.6:7946=ALIVE"));
            }
            System.out.println("all pods know each other at their new addresses "
                    + Duration.ofNanos(System.nanoTime() - lastKill).toMillis() + " ms after the last one was started");
            assertThat(pods)
                    .allSatisfy(each -> assertThat(each.lines())
                            .noneMatch(line -> line.contains("ERROR") || line.contains("Conflicting address")));
        }
    }

    private static void awaitPodAt(String address, MemberProcess... all) {
        long begun = System.nanoTime();
        for (MemberProcess each : all) {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(each.views("members")).hasSize(3).contains("pod-0@" + address + ":7946=ALIVE"));
        }
        System.out.println("pod-0 is known at " + address + " by all after "
                + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
    }

    @Test
    void aPausedProcessKeepsItsNameAndTheSecondOneIsTold() throws Exception {
        try (HostNetwork network = HostNetwork.of(4)) {
            MemberProcess a = network.host(1).member("a");
            MemberProcess b = network.host(2).member("b", "seed=10.77.0.1");
            MemberProcess first = network.host(3).member("pod-0", "seed=10.77.0.1");
            for (MemberProcess each : List.of(a, b, first)) {
                each.awaitMembers(SOON, "a", "b", "pod-0");
            }

            signal("-STOP", first);
            MemberProcess second = network.host(4).member("pod-0", "seed=10.77.0.1");
            Thread.sleep(20_000);
            assertThat(a.views("all")).contains("pod-0@10.77.0.3:7946=DEAD");
            assertThat(second.members()).containsExactly("pod-0");
            signal("-CONT", first);

            awaitPodAt("10.77.0.3", a, b, first);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(second.ask("name-conflict"))
                            .isEqualTo("the name 'pod-0' is taken by 10.77.0.3:7946, which answers: give one of the two"
                                    + " another node name (memberlist.node-name)"));
            assertThat(second.members()).containsExactly("pod-0");
        }
    }

    private static void signal(String signal, MemberProcess member) throws Exception {
        new ProcessBuilder("kill", signal, String.valueOf(member.process().pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
