package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sample, started from its jar as a separate process, on free ports. */
final class SampleProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "sample-app.jar");
    private static final Pattern HTTP = Pattern.compile("See the cluster at http://localhost:(\\d+)/");
    private static final Pattern MEMBER = Pattern.compile("a member at 127\\.0\\.0\\.1:(\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path output;
    private final Process process;

    SampleProcess(Path folder, String name, String... arguments) {
        assertThat(JAR).exists();
        output = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // the tests wait for starts, not for speed
                "-jar",
                JAR.toString(),
                "--server.port=0",
                "--memberlist.network.bind-port=0",
                "--memberlist.node-name=" + name,
                "--sample.companions=0",
                "--sample.encrypted=true"));
        command.addAll(List.of(arguments));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    int httpPort() {
        return printed(HTTP);
    }

    int memberPort() {
        return printed(MEMBER);
    }

    private int printed(Pattern pattern) {
        return await().atMost(Duration.ofSeconds(120))
                .until(
                        () -> {
                            String text = Files.readString(output);
                            assertThat(process.isAlive()).as(text).isTrue();
                            Matcher matcher = pattern.matcher(text);
                            return matcher.find() ? Integer.parseInt(matcher.group(1)) : null;
                        },
                        port -> port != null);
    }

    JsonNode get(String path) {
        return answer(HttpRequest.newBuilder(uri(path)).build());
    }

    JsonNode post(String path, String body) {
        return answer(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** The state of each member from /actuator/members. */
    String state(String member) {
        return get("/actuator/members")
                .path("members")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(member))
                .map(one -> one.path("state").asString())
                .findFirst()
                .orElse("unknown");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort() + path);
    }

    private JsonNode answer(HttpRequest request) {
        HttpResponse<String> response =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.builder().build().readTree(response.body());
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Sends SIGTERM. {@return the exit status} */
    int terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
