package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Three processes from the jar: they find each other, and distinguish failed members from members that left. */
class ThreeProcessesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGTERM_STATUS = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void survivorsTellFailedFromLeft() throws Exception {
        try (SampleProcess first = new SampleProcess(folder, "first", "--memberlist.join=")) {
            String join = "--memberlist.join=127.0.0.1:" + first.memberPort();
            try (SampleProcess second = new SampleProcess(folder, "second", join);
                    SampleProcess third = new SampleProcess(folder, "third", join)) {
                for (SampleProcess process : List.of(first, second, third)) {
                    await().atMost(PATIENCE).untilAsserted(() -> {
                        assertThat(List.of(process.state("first"), process.state("second"), process.state("third")))
                                .containsOnly("alive");
                    });
                }
                linksTo(first, second);
                reachesAll(first, second, third);

                second.kill();
                for (SampleProcess survivor : List.of(first, third)) {
                    await().atMost(PATIENCE)
                            .untilAsserted(
                                    () -> assertThat(survivor.state("second")).isEqualTo("dead"));
                    assertThat(told(survivor, "failed")).containsExactly("second");
                }

                assertThat(third.terminate()).isEqualTo(SIGTERM_STATUS);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(first.state("third")).isEqualTo("left"));
                assertThat(told(first, "left")).containsExactly("third");
                assertThat(told(first, "failed")).containsExactly("second");
            }
        }
    }

    private static void linksTo(SampleProcess process, SampleProcess other) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode shown = process.get("/api/cluster")
                    .path("members")
                    .valueStream()
                    .filter(member -> member.path("name").asString().equals("second"))
                    .findFirst()
                    .orElseThrow();
            assertThat(shown.path("page").asString()).isEqualTo("http://localhost:" + other.httpPort() + "/");
            assertThat(shown.path("pid").asString()).isEqualTo(String.valueOf(other.pid()));
            assertThat(shown.path("untouchable").asString()).contains("kill -STOP " + other.pid());
        });
    }

    /** A message with receipts, and a key rotation. */
    private static void reachesAll(SampleProcess first, SampleProcess second, SampleProcess third) {
        second.post("/api/broadcasts", "{\"text\": \"hello from second\"}");
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode newest = second.get("/api/cluster").at("/news/0");
            assertThat(newest.path("about").asString()).isEqualTo("hello from second");
            assertThat(newest.path("heard").propertyNames()).containsExactlyInAnyOrder("first", "second", "third");
        });
        assertThat(told(third, "message")).containsExactly("second");

        third.post("/api/key", "{}");
        JsonNode key = third.get("/api/cluster").path("keys");
        assertThat(key).hasSize(1);
        assertThat(first.get("/api/cluster").path("keys")).isEqualTo(key);
        assertThat(second.get("/api/cluster").path("keys")).isEqualTo(key);
    }

    /** The members in the log entries of this kind. */
    private static List<String> told(SampleProcess process, String kind) {
        return process.get("/actuator/clusterlog?kind=" + kind).path("entries").findValuesAsString("member");
    }
}
