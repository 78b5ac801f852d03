package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.scenes.Host;
import io.memberlist.scenes.HostNetwork;
import io.memberlist.scenes.MemberProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Go nodes follow a Java member whose machine gets another address. */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoAddressChangeIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<GoNode> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(GoNode::close);
    }

    @Test
    void goNodesFollowAMemberToItsNewAddress() {
        try (HostNetwork network = HostNetwork.of(3)) {
            GoNode go1 = go(network.host(1), "go-1");
            GoNode go2 = go(network.host(2), "go-2");
            MemberProcess java = network.host(3).member("java", "seed=10.77.0.1", "seed=10.77.0.2");
            awaitLive(List.of(go1, go2), "java@10.77.0.3:7946");

            move(network.host(3), "10.77.0.3", "10.77.0.33");

            awaitLive(List.of(go1, go2), "java@10.77.0.33:7946");
            java.awaitMembers(SOON, "go-1", "go-2", "java");
            assertThat(started)
                    .allSatisfy(node -> assertThat(node.stderr())
                            .noneMatch(
                                    line -> line.contains("Conflicting address") || line.contains("java as failed")));
        }
    }

    @Test
    void goNodesThatHaveGivenAMemberUpTakeItBackAtItsNewAddress() {
        try (HostNetwork network = HostNetwork.of(3)) {
            GoNode go1 = go(network.host(1), "go-1");
            GoNode go2 = go(network.host(2), "go-2");
            network.host(3).member("java", "seed=10.77.0.1", "seed=10.77.0.2");
            awaitLive(List.of(go1, go2), "java@10.77.0.3:7946");

            network.host(3).ip("link", "set", "eth0", "down");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(List.of(go1, go2))
                            .allSatisfy(node -> assertThat(texts(node)).noneMatch(text -> text.startsWith("java@"))));
            network.host(3).ip("link", "set", "eth0", "up");
            move(network.host(3), "10.77.0.3", "10.77.0.33");
            network.host(3).ip("route", "replace", "default", "via", "10.77.0.254");

            awaitLive(List.of(go1, go2), "java@10.77.0.33:7946");
        }
    }

    private static void move(Host host, String from, String to) {
        host.ip("addr", "del", from + "/24", "dev", "eth0");
        host.ip("addr", "add", to + "/24", "dev", "eth0");
    }

    private GoNode go(Host host, String name) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host.namespace()));
        command.add(GoToolchain.program(GoProgram.MEMBERLIST).toString());
        command.addAll(List.of("-name=" + name, "-bind=" + host.address(), "-port=7946", "-preset=lan"));
        GoNode node = new GoNode(name, command);
        started.add(node);
        node.awaitReady();
        return node;
    }

    private static void awaitLive(List<GoNode> nodes, String member) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(texts(node)).hasSize(3).contains(member)));
    }

    private static List<String> texts(GoNode node) {
        return node.members().stream()
                .map(member -> member.name() + "@" + member.addr() + ":" + member.port())
                .toList();
    }
}
