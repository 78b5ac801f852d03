package io.memberlist.interop;

import static io.memberlist.interop.TestKeys.base64;
import static io.memberlist.interop.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.NetworkConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A label is introduced into a running cluster of Java and Go nodes, as docs/getting-started.md describes it. Go nodes accept
 * one label only; Java nodes that accept both hold them together. Nobody may ever believe that another one failed.
 */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoLabelChangeIT {
    /** Longer than the interval of push/pull, which tells what gossip missed: in a small cluster it sends news four times. */
    private static final Duration SOON = Duration.ofSeconds(45);

    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final List<Node> ended = new ArrayList<>();
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private boolean encrypted;

    @AfterEach
    void close() {
        nodes.values().forEach(Node::close);
        ended.forEach(Node::close);
    }

    @ParameterizedTest(name = "encrypted: {0}")
    @ValueSource(booleans = {false, true})
    void aLabelIsIntroducedWhileTheClusterRuns(boolean encrypt) {
        encrypted = encrypt;
        List<String> javaNames = List.of("java-1", "java-2", "java-3");
        List<String> goNames = List.of("go-1", "go-2");
        javaNames.forEach(name -> put(name, java(name, n -> {})));
        goNames.forEach(name -> put(name, go(name, "")));
        awaitWhole();

        javaNames.forEach(name -> restart(name, () -> java(name, n -> n.acceptedLabels(List.of("orders")))));
        goNames.forEach(name -> restart(name, () -> go(name, "orders")));
        javaNames.forEach(name -> restart(name, () -> java(name, n -> n.label("orders"))));
        settle(Duration.ofSeconds(10));

        assertThat(nodes.values())
                .allSatisfy(node -> assertThat(node.liveNames()).hasSize(javaNames.size() + goNames.size()));
        assertNobodyBelievedFailed();
    }

    private void restart(String name, Starter starter) {
        Node before = nodes.remove(name);
        before.leave();
        before.close();
        ended.add(before);
        put(name, starter.start());
        awaitWhole();
        settle(SETTLE);
    }

    private interface Starter {
        Node start();
    }

    private void put(String name, Node started) {
        String seed = started.seed();
        ports.put(name, Integer.parseInt(seed.substring(seed.lastIndexOf(':') + 1)));
        // The seed is a Java node: those accept both labels while both are in use.
        nodes.values().stream().findFirst().ifPresent(started::join);
        Map<String, Node> before = new LinkedHashMap<>(nodes);
        nodes.clear();
        if (started instanceof JavaNode) {
            nodes.put(name, started);
            nodes.putAll(before);
        } else {
            nodes.putAll(before);
            nodes.put(name, started);
        }
    }

    private JavaNode java(String name, Consumer<NetworkConfig.Builder> labels) {
        return JavaNode.start(name, config -> {
            config.network(n -> {
                n.bindPort(ports.getOrDefault(name, 0));
                labels.accept(n);
            });
            config.probe(
                    p -> p.indirectChecks(MemberlistConfig.lan().build().probe().indirectChecks()));
            return encrypted ? config.encryption(e -> e.secretKey(key('k'))) : config;
        });
    }

    private GoNode go(String name, String label) {
        GoNodeBuilder builder = GoNode.named(name).preset("lan").label(label).port(ports.getOrDefault(name, 0));
        return (encrypted ? builder.keys(base64(key('k'))) : builder).start();
    }

    private void awaitWhole() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(nodes.values())
                        .allSatisfy(node ->
                                assertThat(node.liveNames()).containsExactlyInAnyOrderElementsOf(nodes.keySet())));
        assertNobodyBelievedFailed();
    }

    /** Lets the nodes probe each other, and watches meanwhile. */
    private void settle(Duration time) {
        await().during(time).atMost(time.plus(SOON)).untilAsserted(this::assertNobodyBelievedFailed);
    }

    private void assertNobodyBelievedFailed() {
        Stream.concat(nodes.values().stream(), ended.stream()).forEach(node -> {
            if (node instanceof GoNode go) {
                go.events().stream()
                        .filter(GoNode.event("left"))
                        .filter(event -> event.get("state").asString().equals("dead"))
                        .forEach(event -> failed.add(
                                go.name() + " of " + event.get("name").asString()));
            } else if (node instanceof JavaNode java) {
                java.events().stream()
                        .filter(event -> event.kind().equals("failed"))
                        .forEach(event ->
                                failed.add(java.name() + " of " + event.member().name()));
            }
        });
        assertThat(failed).isEmpty();
    }
}
