package io.memberlist.interop;

import static io.memberlist.interop.TestKeys.base64;
import static io.memberlist.interop.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java and Go nodes with different keys or labels stay separate, and continue with nodes that share theirs. */
class JavaGoIsolationIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A difference that separates two nodes. */
    private record Difference(
            String name, UnaryOperator<MemberlistConfigBuilder> java, UnaryOperator<GoNodeBuilder> go, String drop) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Difference> differences() {
        return List.of(
                new Difference(
                        "another key",
                        java -> java.encryption(e -> e.secretKey(key('j'))),
                        go -> go.keys(base64(key('g'))),
                        "decrypt"),
                new Difference(
                        "only Java has a key",
                        java -> java.encryption(e -> e.secretKey(key('j'))),
                        go -> go,
                        "decrypt"),
                new Difference("only Go has a key", java -> java, go -> go.keys(base64(key('g'))), "decrypt"),
                new Difference(
                        "another label", java -> java.network(n -> n.label("blue")), go -> go.label("green"), "label"),
                new Difference("only Java has a label", java -> java.network(n -> n.label("blue")), go -> go, "label"),
                new Difference("only Go has a label", java -> java, go -> go.label("green"), "label"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differences")
    void strangersStayStrangers(Difference difference) {
        try (JavaNode java = JavaNode.start("java", difference.java);
                GoNode go = difference.go.apply(GoNode.named("go")).start()) {
            assertThatThrownBy(() -> java.join(go))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(JoinException.class);
            assertThatThrownBy(() -> go.join(java)).isInstanceOf(GoCommandException.class);
            long complaints = go.stderr().stream().filter(GoLog::isComplaint).count();
            java.memberlist()
                    .sendBestEffort(go.address(), JavaNode.utf8("can you read this?"))
                    .join();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(go.stderr().stream().filter(GoLog::isComplaint))
                            .hasSizeGreaterThan((int) complaints));

            assertThat(java.memberlist().statistics().drops()).containsKey(difference.drop);
            assertThat(java.complaints()).isNotEmpty();
            assertThat(go.events()).filteredOn(GoNode.event("message")).isEmpty();
            assertThat(java.all()).extracting(MemberView::name).containsExactly("java");
            assertThat(go.all()).extracting(MemberView::name).containsExactly("go");

            try (JavaNode javasKind = JavaNode.start("java's kind", difference.java);
                    GoNode gosKind =
                            difference.go.apply(GoNode.named("go's kind")).start()) {
                javasKind.join(java);
                gosKind.join(go);
                awaitOnly(java, "java", "java's kind");
                awaitOnly(go, "go", "go's kind");
            }
        }
    }

    /** A node that skips the check expects that the label was removed already, and refuses a remaining one. */
    @Test
    void whoSkipsTheLabelCheckTakesWhatHasNoLabelAndNothingThatHasOne() {
        try (GoNode skippingGo = GoNode.named("skipping-go")
                        .label("blue")
                        .skipInboundLabelCheck()
                        .start();
                JavaNode skippingJava = JavaNode.start(
                        "skipping-java",
                        config -> config.network(n -> n.label("blue").skipInboundLabelCheck(true)));
                JavaNode java = JavaNode.start("java");
                GoNode go = GoNode.named("go").start();
                JavaNode blueJava = JavaNode.start("blue-java", config -> config.network(n -> n.label("blue")));
                GoNode blueGo = GoNode.named("blue-go").label("blue").start()) {
            assertThatThrownBy(() -> blueJava.join(skippingGo)).hasCauseInstanceOf(JoinException.class);
            assertThatThrownBy(() -> blueGo.join(skippingJava)).isInstanceOf(GoCommandException.class);
            assertThat(skippingGo.liveNames()).containsExactly("skipping-go");
            assertThat(skippingJava.liveNames()).containsExactly("skipping-java");

            java.join(skippingGo);
            go.join(skippingJava);
            awaitOnly(java, "java", "skipping-go");
            awaitOnly(skippingGo, "java", "skipping-go");
            awaitOnly(go, "go", "skipping-java");
            awaitOnly(skippingJava, "go", "skipping-java");
        }
    }

    private static void awaitOnly(Node node, String... names) {
        await().atMost(SOON).untilAsserted(() -> assertThat(node.liveNames()).containsExactlyInAnyOrder(names));
    }
}
