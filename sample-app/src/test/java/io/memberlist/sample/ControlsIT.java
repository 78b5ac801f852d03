package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.sample.companions.Companion;
import io.memberlist.sample.companions.Companions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** Invalid requests for actions: each answer describes the error. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"memberlist.network.bind-port=0", "memberlist.join=", "memberlist.node-name=me"})
class ControlsIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Companions companions;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network/loss           | {\"percent\": 101}                | 400 | from 0 to 100",
                "network/loss           | {\"percent\": -1}                 | 400 | from 0 to 100",
                "network/loss           | {}                                | 400 | how many percent",
                "network/loss           | {\"percent\": \"much\"}           | 400 | cannot be read",
                "network/loss           | not json                          | 400 | cannot be read",
                "network/heal           | {}                                | 400 | nothing to heal",
                "members/nobody/kill    | {}                                | 404 | Nobody in the cluster is called 'nobody'",
                "members/me/kill      | {}                                | 400 | shows you the page",
                "members/me/stop      | {}                                | 400 | shows you the page",
                "members/me/pause     | {}                                | 400 | shows you the page",
                "members/me-companion-1/resume | {}                         | 400 | nothing to resume",
                "members/me/tags      | {\"name\": \" \", \"value\": \"x\"} | 400 | needs a name",
                "members/me/tags      | {\"name\": \"none\", \"value\": \"\"} | 400 | no tag called 'none'",
                "members/nobody/tags    | {\"name\": \"a\", \"value\": \"b\"} | 404 | does not run in this process",
                "broadcasts             | {\"text\": \"  \"}                | 400 | 1 to 200",
                "broadcasts             | {\"text\": \"a\\u001b[31m\"}  | 400 | control characters",
                "broadcasts             | {}                                | 400 | 1 to 200",
            })
    void refusesInWords(String path, String body, int status, String words) {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"detail\"", words).doesNotContain("Exception", "\tat ");
    }

    @Test
    void takesNothingThatAnotherSitesPageCouldSend() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("network/cut"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
    }

    @Test
    void refusesATagThatDoesNotFit() {
        String value = "x".repeat(65);

        assertThat(post("members/me/tags", "{\"name\": \"long\", \"value\": \"" + value + "\"}")
                        .body())
                .contains("has 65 characters: at most 64");
    }

    @Test
    void startsNoMoreThanTwentyCompanions() {
        while (companions.all().size() < 1 + SampleProperties.MAX_COMPANIONS) {
            assertThat(post("members", "{}").statusCode()).isEqualTo(200);
        }

        assertThat(post("members", "{}").statusCode()).isEqualTo(400);
        assertThat(post("members", "{}").body()).contains("no more than 20");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> companions.main().memberlist().numMembers() == 21);
        companions.all().stream().skip(3).forEach(companions::kill);
    }

    @Test
    void aRotationThatDoesNotReachEverybodyLeavesNoKeyBehind() {
        Companion companion = companions.startOne();
        Memberlist main = companions.main().memberlist();
        await().until(() -> main.member(companion.name()).isPresent());
        companions.kill(companion);

        assertThat(post("members/" + companion.name() + "/stop", "{}").body())
                .containsAnyOf("was stopped or killed", "gone already");
        HttpResponse<String> answer = post("key", "{}");
        // the failure of the companion may have been detected in the meantime
        assertThat(answer.body()).containsAnyOf("The key stays as it is", "is the only one now");
        Keyring keyring = companions.main().keyring();
        await().untilAsserted(() -> assertThat(keyring.fingerprints()).hasSize(1));
    }

    private HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/" + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }
}
