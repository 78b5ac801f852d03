package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator who was given access takes the member out of the cluster and back over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=main",
            "sample.companions=1",
            "management.endpoint.members.access=unrestricted"
        })
class OperationsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Memberlist memberlist;

    @Test
    void leavesAndComesBack() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(memberlist.members()).hasSize(2));
        int companion =
                memberlist.member("main-companion-1").orElseThrow().address().getPort();

        JsonNode left = json(send("DELETE", ""));
        assertThat(left.path("left").asBoolean()).isTrue();
        assertThat(memberlist.hasLeft()).isTrue();

        JsonNode joined = json(send("POST", "{\"seeds\":\"127.0.0.1:" + companion + "\"}"));
        assertThat(joined.path("reached").valueStream().map(JsonNode::asString))
                .containsExactly("127.0.0.1:" + companion);
        assertThat(memberlist.hasLeft()).isFalse();
    }

    @Test
    void refusesToJoinNobody() throws Exception {
        assertThat(send("POST", "{\"seeds\":\"\"}").statusCode()).isEqualTo(400);
        assertThat(send("POST", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void saysWhyASeedCannotBeJoined() throws Exception {
        JsonNode answer = json(send("POST", "{\"seeds\":\"127.0.0.1:99999, 127.0.0.1:0\"}"));

        assertThat(answer.path("reached").isEmpty()).isTrue();
        assertThat(answer.path("failures").path("127.0.0.1:99999").asString()).contains("99999");
        assertThat(answer.path("failures").path("127.0.0.1:0").asString()).contains("port");
    }

    @Test
    void oneRequestReplacesTheKeyOfTheCluster() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(memberlist.members()).hasSize(2));
        byte[] key = new byte[32];
        key[0] = 1;

        JsonNode answer = json(sendTo(
                "/cluster/rotate-key",
                "POST",
                "{\"key\":\"" + Base64.getEncoder().encodeToString(key) + "\"}"));

        assertThat(answer.path("complete").asBoolean()).as(answer.toString()).isTrue();
        assertThat(answer.path("keys").propertyNames()).containsExactlyInAnyOrder("main", "main-companion-1");
        assertThat(answer.path("keys").valueStream())
                .allSatisfy(keys -> assertThat(keys.valueStream().map(JsonNode::asString))
                        .containsExactly(Keyring.fingerprint(key)));
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.builder().build().readTree(response.body());
    }

    private HttpResponse<String> send(String method, String body) throws Exception {
        return sendTo("", method, body);
    }

    private HttpResponse<String> sendTo(String path, String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/actuator/members" + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
