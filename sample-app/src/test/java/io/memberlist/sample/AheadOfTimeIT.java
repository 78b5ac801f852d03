package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged application with ahead-of-time processing, which evaluates no configuration class. */
class AheadOfTimeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    private Path folder;

    @Test
    void startsJoinsAndAnswers() throws Exception {
        Path log = folder.resolve("log");
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dspring.aot.enabled=true",
                        "-jar",
                        Path.of("target", "sample-app.jar").toString(),
                        "--server.port=0",
                        "--memberlist.network.bind-port=0",
                        "--memberlist.join=",
                        "--memberlist.node-name=main")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> !application.isAlive() || port(log).find());
            Matcher port = port(log);
            assertThat(port.find()).as(Files.readString(log)).isTrue();
            assertThat(Files.readString(log)).contains("Starting AOT-processed SampleApplication");

            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode cluster = get(port.group(1), "members");
                assertThat(cluster.path("members").findValuesAsString("name"))
                        .containsExactly("main", "main-companion-1", "main-companion-2");
            });
            assertThat(get(port.group(1), "health")
                            .at("/components/memberlist/status")
                            .asString())
                    .isEqualTo("UP");
            assertThat(get(port.group(1), "info").at("/memberlist/name").asString())
                    .isEqualTo("main");
            assertThat(get(port.group(1), "metrics/memberlist.members")
                            .path("name")
                            .asString())
                    .isEqualTo("memberlist.members");
        } finally {
            application.destroy();
            if (!application.waitFor(30, TimeUnit.SECONDS)) {
                application.destroyForcibly();
            }
        }
    }

    private static Matcher port(Path log) throws IOException {
        return PORT.matcher(Files.readString(log));
    }

    private static JsonNode get(String port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return JsonMapper.builder().build().readTree(body);
    }
}
