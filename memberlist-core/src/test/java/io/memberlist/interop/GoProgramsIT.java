package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static io.memberlist.interop.GoNode.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.testing.PemFiles;
import io.memberlist.testing.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The programs on Alertmanager and on dskit alone, each beside another of its kind. */
class GoProgramsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** At most this long until a killed member of two is declared dead under Alertmanager's settings, and a margin. */
    private static final Duration FAILURE = Duration.ofSeconds(60);

    /** On a machine that is busy, a large state takes longer than the two seconds of dskit. */
    private static final Duration STREAM = Duration.ofSeconds(30);

    private static final int LARGE = 5 * 1024 * 1024;

    private final TestCertificates certificates = TestCertificates.create();

    @TempDir
    private Path directory;

    @Test
    void alertmanagersSeeEachOther() {
        pair(GoNode::alertmanager, "sil");
    }

    @Test
    void alertmanagersSeeEachOtherOverTls() {
        PemFiles files = certificates.member().writeTo(directory);
        pair(name -> GoNode.alertmanager(name).tls(files), "nfl");
    }

    @Test
    void dskitNodesSeeEachOther() {
        pair(name -> GoNode.dskit(name).streamTimeout(STREAM), "ring");
    }

    @Test
    void dskitNodesSeeEachOtherOverTls() {
        PemFiles files = certificates.member().writeTo(directory);
        pair(name -> GoNode.dskit(name).streamTimeout(STREAM).tls(files).label("blue"), "ring");
    }

    @Test
    void dskitNodesUnderstandEachOtherHoweverTheyCompress() {
        try (GoNode lzw = GoNode.dskit("a").start();
                GoNode snappy = GoNode.dskit("b").compressionAlgorithm("snappy").start();
                GoNode none = GoNode.dskit("c").compression(false).start()) {
            snappy.join(lzw);
            none.join(lzw);
            for (GoNode sender : new GoNode[] {lzw, snappy, none}) {
                String text = (sender.name() + " says ").repeat(100);
                String sha256 = sender.command("put ring " + text).get("sha256").asString();
                for (GoNode node : new GoNode[] {lzw, snappy, none}) {
                    node.awaitEvent(value("ring", sha256), SOON);
                }
            }
        }
    }

    private static void pair(Function<String, GoNodeBuilder> program, String key) {
        try (GoNode a = program.apply("a").start()) {
            String large = put(a, "state " + key + " " + LARGE);
            try (GoNode b = program.apply("b").seeds(a.seed()).start()) {
                for (GoNode node : new GoNode[] {a, b}) {
                    node.awaitEvent(event("joined", "a"), SOON);
                    node.awaitEvent(event("joined", "b"), SOON);
                    await().atMost(SOON)
                            .untilAsserted(() -> assertThat(node.members())
                                    .extracting(GoMember::name)
                                    .containsExactlyInAnyOrder("a", "b"));
                }
                assertThat(b.members())
                        .extracting(GoMember::port)
                        .containsExactlyInAnyOrder(
                                a.address().getPort(), b.address().getPort());

                b.awaitEvent(value(key, large), SOON);
                JsonNode digest = b.command("digest " + key);
                assertThat(digest.get("sha256").asString()).isEqualTo(large);
                assertThat(digest.get("size").asInt()).isEqualTo(LARGE);

                a.awaitEvent(value(key, put(b, "put " + key + " hello")), SOON);
                assertThat(a.command("get " + key).get("text").asString()).isEqualTo("hello");
                assertThat(a.complaints()).isEmpty();
                assertThat(b.complaints()).isEmpty();

                b.leave();
                assertThat(a.awaitGone("b", SOON)).isEqualTo("left");
            }
        }
    }

    private static String put(GoNode node, String command) {
        return node.command(command).get("sha256").asString();
    }

    @Test
    void aKilledPeerIsFoundDead() {
        try (GoNode a = GoNode.alertmanager("a").start();
                GoNode b = GoNode.alertmanager("b").seeds(a.seed()).start()) {
            a.awaitEvent(event("joined", "b"), SOON);
            b.kill();
            assertThat(a.awaitGone("b", FAILURE)).isEqualTo("dead");
        }
    }

    @Test
    void alertmanagersWithoutAValidCertificateStayOutside() {
        PemFiles rightful = certificates.member().writeTo(directory.resolve("rightful"));
        PemFiles expired = certificates.expiredMember().writeTo(directory.resolve("expired"));
        PemFiles foreign = TestCertificates.create().member().writeTo(directory.resolve("foreign"));
        try (GoNode inside = GoNode.alertmanager("inside").tls(rightful).start()) {
            // Each trusts the one inside, which does not trust it.
            for (PemFiles files : new PemFiles[] {expired, foreign}) {
                PemFiles trusting = new PemFiles(files.certificate(), files.key(), rightful.authority());
                try (GoNode outside =
                        GoNode.alertmanager("outside").tls(trusting).start()) {
                    assertThatThrownBy(() -> outside.join(inside))
                            .isInstanceOf(GoCommandException.class)
                            .hasMessageContaining("remote error: tls");
                    assertThatThrownBy(() -> inside.join(outside))
                            .isInstanceOf(GoCommandException.class)
                            .hasMessageContaining("failed to verify certificate");
                }
            }
            assertThat(inside.members()).extracting(GoMember::name).containsExactly("inside");
        }
    }

    /** dskit verifies servers only. */
    @Test
    void dskitNodesDoNotJoinAServerWithoutAValidCertificate() {
        PemFiles rightful = certificates.member().writeTo(directory.resolve("rightful"));
        PemFiles expired = certificates.expiredMember().writeTo(directory.resolve("expired"));
        PemFiles foreign = TestCertificates.create().member().writeTo(directory.resolve("foreign"));
        try (GoNode inside = GoNode.dskit("inside").tls(rightful).start()) {
            for (PemFiles files : new PemFiles[] {expired, foreign}) {
                try (GoNode outside = GoNode.dskit("outside").tls(files).start()) {
                    assertThatThrownBy(() -> inside.join(outside))
                            .isInstanceOf(GoCommandException.class)
                            .hasMessageContaining("failed to verify certificate");
                }
            }
            assertThat(inside.members()).extracting(GoMember::name).containsExactly("inside");
        }
    }
}
