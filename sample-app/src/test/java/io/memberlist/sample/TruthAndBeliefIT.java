package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.sample.companions.Companion;
import io.memberlist.sample.companions.Companions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A companion that runs is shown, and can be acted on, also when the application's member has forgotten it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=me",
            "memberlist.probe.interval=200ms",
            "memberlist.gossip.to-the-dead-time=1s",
            "memberlist.state-sync.reconnect-interval=500ms",
            "sample.companions=3"
        })
class TruthAndBeliefIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Companions companions;

    @Autowired
    private Memberlist main;

    @Test
    void aForgottenPausedMemberCanBeResumed() {
        String sleeper = lastOfAWholeCluster();
        act("members/" + sleeper + "/pause");
        forgotten(sleeper);

        JsonNode shown = member(sleeper);
        assertThat(shown.path("truth").asString()).isEqualTo("paused");
        assertThat(shown.path("state").asString()).isEqualTo("unknown");
        assertThat(shown.path("untouchable").isNull()).isTrue();

        act("members/" + sleeper + "/resume");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(member(sleeper).path("state").asString()).isEqualTo("alive"));
        assertThat(member(sleeper).path("truth").asString()).isEqualTo("running");
    }

    @Test
    void aForgottenPausedMemberCanBeKilled() {
        String sleeper = lastOfAWholeCluster();
        act("members/" + sleeper + "/pause");
        forgotten(sleeper);

        act("members/" + sleeper + "/kill");

        assertThat(member(sleeper).isMissingNode()).isTrue();
        companions.startOne();
    }

    @Test
    void membersThatWereCutOffForLongAreShownAndComeBack() {
        String farAway = lastOfAWholeCluster();
        act("network/cut");
        forgotten(farAway);

        JsonNode shown = member(farAway);
        assertThat(shown.path("truth").asString()).isEqualTo("running");
        assertThat(shown.path("otherSide").asBoolean()).isTrue();

        act("network/heal");
        lastOfAWholeCluster();
    }

    @Test
    void aKilledMemberIsKnownToBeDeadBeforeTheOthersBelieveIt() {
        String victim = lastOfAWholeCluster();

        act("members/" + victim + "/kill");

        assertThat(member(victim).path("truth").asString()).isEqualTo("killed");
        assertThat(member(victim).path("untouchable").asString()).contains("was killed");
        forgotten(victim);
        companions.startOne();
    }

    @Test
    void aMemberThatStartsDuringARotationGetsTheNewKey() {
        for (int i = 0; i < 3; i++) {
            lastOfAWholeCluster();
            CompletableFuture<HttpResponse<String>> rotation = post("key");
            CompletableFuture<HttpResponse<String>> start = post("members");
            assertThat(rotation.join().statusCode()).as(rotation.join().body()).isEqualTo(200);
            assertThat(start.join().statusCode()).as(start.join().body()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> next = post("key");
            assertThat(next.join().statusCode()).as(next.join().body()).isEqualTo(200);

            String newcomer = lastOfAWholeCluster();
            List<String> keys = companions.main().keyring().fingerprints();
            assertThat(companions.all())
                    .allSatisfy(one -> assertThat(one.keyring().fingerprints()).isEqualTo(keys));
            act("members/" + newcomer + "/stop");
        }
    }

    /** {@return the newest companion, when all members know each other} */
    private String lastOfAWholeCluster() {
        List<Companion> all = companions.all();
        await().atMost(PATIENCE)
                .until(() -> all.stream().allMatch(one -> one.memberlist().numMembers() == all.size()));
        return all.get(all.size() - 1).name();
    }

    private void forgotten(String member) {
        await().atMost(PATIENCE)
                .until(() ->
                        main.allMembers().stream().noneMatch(one -> one.name().equals(member)));
    }

    private JsonNode member(String name) {
        HttpResponse<String> answer = client.sendAsync(
                        HttpRequest.newBuilder(uri("cluster")).build(), HttpResponse.BodyHandlers.ofString())
                .join();
        return JsonMapper.builder()
                .build()
                .readTree(answer.body())
                .path("members")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseGet(() -> JsonMapper.builder().build().missingNode());
    }

    private void act(String path) {
        HttpResponse<String> answer = post(path).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<String>> post(String path) {
        return client.sendAsync(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/" + path);
    }
}
