package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as a new user starts it, except for the ports. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"memberlist.network.bind-port=0", "memberlist.join=", "memberlist.node-name=main"})
class SampleApplicationIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Test
    void showsAClusterOfThree() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode cluster = json("/actuator/members");
            assertThat(cluster.path("members").findValuesAsString("state")).containsExactly("alive", "alive", "alive");
            assertThat(cluster.path("members").findValuesAsString("name"))
                    .containsExactly("main", "main-companion-1", "main-companion-2");
        });

        JsonNode cluster = json("/actuator/members");
        assertThat(cluster.at("/local/name").asString()).isEqualTo("main");
        assertThat(cluster.at("/local/tags/role").asString()).isEqualTo("main");
        assertThat(cluster.at("/members/1/tags/role").asString()).isEqualTo("companion");
        assertThat(cluster.at("/encryption/enabled").asBoolean()).isTrue();
        assertThat(cluster.path("running").asBoolean()).isTrue();
        assertThat(cluster.path("live").asInt()).isEqualTo(3);
        assertThat(cluster.path("healthScore").isInt()).isTrue();
    }

    @Test
    void showsOneMember() {
        assertThat(json("/actuator/members/main").path("state").asString()).isEqualTo("alive");
        assertThat(get("/actuator/members/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void letsNobodyJoinOrLeaveUnasked() {
        assertThat(status("POST", "{\"seeds\":\"127.0.0.1:1\"}")).isEqualTo(405);
        assertThat(status("DELETE", "")).isEqualTo(405);
    }

    private int status(String method, String body) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/members"))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build())
                .statusCode();
    }

    @Test
    void isHealthy() {
        JsonNode health = json("/actuator/health");

        assertThat(health.at("/components/memberlist/status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/memberlist/details/name").asString()).isEqualTo("main");
    }

    @Test
    void measuresTheMember() {
        JsonNode metric = json("/actuator/metrics/memberlist.members?tag=state:alive");

        assertThat(metric.at("/measurements/0/value").asDouble()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void servesThePage() {
        assertThat(get("/").body())
                .contains("<h1>Watch a cluster, then break it</h1>", "app/main.js", "style/base.css");
        assertThat(get("/app/changes.js").body()).contains("api/changes");
        assertThat(get("/style/base.css").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsWhatHappened() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode joined = json("/actuator/clusterlog?kind=joined").path("entries");
            assertThat(joined.findValuesAsString("member")).contains("main", "main-companion-1", "main-companion-2");
        });
        assertThat(json("/actuator/clusterlog?kind=failed").path("entries")).isEmpty();
    }

    private JsonNode json(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return JsonMapper.builder().build().readTree(response.body());
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
