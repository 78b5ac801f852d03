package io.memberlist.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberTags;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.spring.Documents;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint over HTTP, in a servlet and in a reactive application, and over JMX. */
class MembersEndpointIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW_KEY = "fedcba9876543210".getBytes(StandardCharsets.UTF_8);
    private static final String KEY_TEXT = Base64.getEncoder().encodeToString(KEY);
    private static final String NEW_KEY_TEXT = Base64.getEncoder().encodeToString(NEW_KEY);

    private static final Map<WebApplicationType, ConfigurableApplicationContext> CONTEXTS =
            new EnumMap<>(WebApplicationType.class);
    private static final Map<WebApplicationType, Memberlist> OTHERS = new EnumMap<>(WebApplicationType.class);

    /** A reactive application takes the threads of the others with it when it is closed. */
    private static final List<ConfigurableApplicationContext> OTHERS_TO_CLOSE = new ArrayList<>();

    // HTTP/1.1 only, since every new connection would offer HTTP/2 again.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterAll
    static void closeAll() {
        CONTEXTS.values().forEach(ConfigurableApplicationContext::close);
        OTHERS_TO_CLOSE.forEach(ConfigurableApplicationContext::close);
        OTHERS.values().forEach(Memberlist::close);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void showsTheClusterAsTheDocumentSays(WebApplicationType type) {
        int port = application(type);

        JsonNode cluster = json(get(port, "members"));

        assertThat(paths(cluster)).isEqualTo(paths(documented("GET /actuator/members")));
        assertThat(cluster.path("live").asInt()).isEqualTo(2);
        assertThat(cluster.path("members").findValuesAsString("name")).containsExactly("orders-1", "orders-2");
        assertThat(cluster.at("/members/1/tags/zone").asString()).isEqualTo("b");
        assertThat(cluster.at("/encryption/keys/0").asString()).isEqualTo(Keyring.fingerprint(KEY));
        assertThat(cluster.path("label").asString()).isEqualTo("shop");

        JsonNode member = json(get(port, "members/orders-2"));
        assertThat(paths(member)).isEqualTo(paths(documented("GET /actuator/members/orders-2")));
        assertThat(member.path("state").asString()).isEqualTo("alive");
        assertThat(Duration.parse(member.path("stateAge").asString())).isPositive();
        assertThat(get(port, "members/nobody").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void findsMembersWhoseNamesHaveSlashesAndOtherSigns(WebApplicationType type) {
        String name = "shop/orders 100%:\u00fc\u263a";
        ConfigurableApplicationContext context = start(type, "--memberlist.node-name=" + name);
        OTHERS_TO_CLOSE.add(context);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

        String path = "members/shop/orders%20100%25:%C3%BC%E2%98%BA";

        assertThat(json(get(port, path)).path("name").asString()).isEqualTo(name);
        assertThat(get(port, "members/shop").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void leavesAndComesBackWithReadinessInStep(WebApplicationType type) {
        int port = application(type);
        assertThat(get(port, "health/readiness").statusCode()).isEqualTo(200);

        JsonNode left = json(send(port, "DELETE", "members", null));
        assertThat(left).isEqualTo(documented("DELETE /actuator/members"));
        assertThat(get(port, "health/readiness").statusCode()).isEqualTo(503);
        assertThat(get(port, "health/readiness").body()).contains("OUT_OF_SERVICE");
        assertThat(get(port, "health/liveness").statusCode()).isEqualTo(200);

        String seed = at(Objects.requireNonNull(OTHERS.get(type)));
        JsonNode joined = json(send(port, "POST", "members", "{\"seeds\": \"" + seed + ", 127.0.0.1:99999\"}"));
        assertThat(joined.at("/reached/0").asString()).isEqualTo(seed);
        assertThat(joined.path("failures").path("127.0.0.1:99999").asString()).contains("99999");
        assertThat(paths(joined)).isEqualTo(paths(documented("POST /actuator/members")));
        assertThat(get(port, "health/readiness").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void rotatesKeysWithoutShowingThem(WebApplicationType type) {
        int port = application(type);
        String oldKey = Keyring.fingerprint(KEY);
        String newKey = Keyring.fingerprint(NEW_KEY);

        JsonNode installed = json(send(port, "POST", "members/install-key", "{\"key\": \"" + NEW_KEY_TEXT + "\"}"));
        assertThat(installed.path("keys").valueStream().map(JsonNode::asString)).containsExactly(oldKey, newKey);
        assertThat(paths(installed)).isEqualTo(paths(documented("POST /actuator/members/install-key")));
        assertThat(json(get(port, "members")).at("/encryption/keys").size()).isEqualTo(2);
        assertThat(json(send(port, "POST", "members/use-key", "{\"key\": \"" + newKey + "\"}"))
                        .at("/keys/0")
                        .asString())
                .isEqualTo(newKey);

        HttpResponse<String> refused = send(port, "POST", "members/remove-key", "{\"key\": \"" + NEW_KEY_TEXT + "\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(read(refused).path("error").asString()).contains("primary");

        send(port, "POST", "members/use-key", "{\"key\": \"" + oldKey + "\"}");
        assertThat(json(send(port, "POST", "members/remove-key", "{\"key\": \"" + newKey + "\"}"))
                        .path("keys")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly(oldKey);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void saysWhyARequestIsBad(WebApplicationType type) {
        int port = application(type);

        for (String body : List.of("{}", "{\"key\": \"\"}", "{\"key\": \"c2VjcmV0\"}", "{\"key\": \"?\"}")) {
            HttpResponse<String> bad = send(port, "POST", "members/install-key", body);
            assertThat(bad.statusCode()).as(body).isEqualTo(400);
            assertThat(read(bad).path("error").asString()).as(body).contains("16, 24 or 32");
        }
        HttpResponse<String> unknown = send(port, "POST", "members/steal-key", "{\"key\": \"c2VjcmV0\"}");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(read(unknown).path("error").asString()).contains("install-key");
        HttpResponse<String> nobody = send(port, "POST", "members", "{}");
        assertThat(nobody.statusCode()).isEqualTo(400);
        assertThat(read(nobody).path("error").asString()).contains("'seeds'");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void showsItselfInInfoAndItsKeysNowhere(WebApplicationType type) {
        int port = application(type);

        JsonNode info = json(get(port, "info"));
        assertThat(paths(info)).isEqualTo(paths(documented("GET /actuator/info")));
        assertThat(info.at("/memberlist/name").asString()).isEqualTo("orders-1");
        for (String path : List.of("env", "configprops", "members", "info", "beans")) {
            assertThat(get(port, path).body()).as(path).contains("{").doesNotContain(KEY_TEXT);
        }
        JsonNode health = json(get(port, "health")).at("/components/memberlist");
        assertThat(paths(health)).isEqualTo(paths(documented("health.components.memberlist")));
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void isFoundAtThePortOfItsWebServer(WebApplicationType type) {
        int port = application(type);
        ConfigurableApplicationContext context = Objects.requireNonNull(CONTEXTS.get(type));

        List<ServiceInstance> instances = context.getBean("memberlistDiscoveryClient", DiscoveryClient.class)
                .getInstances("orders");

        assertThat(instances).singleElement().satisfies(it -> {
            assertThat(it.getInstanceId()).isEqualTo("orders-1");
            assertThat(it.getUri()).hasToString("http://127.0.0.1:" + port);
        });
        await().atMost(PATIENCE)
                .until(() -> Objects.requireNonNull(OTHERS.get(type))
                        .member("orders-1")
                        .orElseThrow()
                        .tags()
                        .getOrDefault("service.port", "")
                        .equals(String.valueOf(port)));
    }

    @Test
    void onlyShowsUnlessTold() throws Exception {
        try (ConfigurableApplicationContext context = start(
                WebApplicationType.SERVLET,
                "--management.endpoints.jmx.exposure.include=members",
                "--spring.jmx.enabled=true",
                "--spring.jmx.default-domain=members-endpoint-it")) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            assertThat(get(port, "members").statusCode()).isEqualTo(200);
            assertThat(send(port, "POST", "members", "{\"seeds\": \"127.0.0.1\"}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(send(port, "DELETE", "members", null).statusCode()).isEqualTo(405);
            assertThat(send(port, "POST", "members/install-key", "{}").statusCode())
                    .isEqualTo(405);

            ObjectName bean = new ObjectName("members-endpoint-it:type=Endpoint,name=Members");
            Object answer =
                    ManagementFactory.getPlatformMBeanServer().invoke(bean, "members", new Object[0], new String[0]);
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Map.class,
                            cluster -> assertThat(cluster.get("live")).isEqualTo(1));
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .getMBeanInfo(bean)
                            .getOperations())
                    .extracting(it -> it.getName())
                    .containsExactlyInAnyOrder("members", "member");
        }
    }

    /** {@return the port of an application in a cluster of two; started once for each type} */
    private static int application(WebApplicationType type) {
        Memberlist other = OTHERS.computeIfAbsent(type, it -> companion());
        ConfigurableApplicationContext context = CONTEXTS.computeIfAbsent(
                type,
                it -> start(it, "--management.endpoint.members.access=unrestricted", "--memberlist.join=" + at(other)));
        Memberlist member = context.getBean(Memberlist.class);
        await().atMost(PATIENCE).until(() -> member.numMembers() == 2 && other.numMembers() == 2);
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static String at(Memberlist member) {
        return "127.0.0.1:" + member.localMember().address().getPort();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void replacesTheKeyOfTheWholeCluster(WebApplicationType type) {
        Memberlist other = companion();
        OTHERS_TO_CLOSE.add(
                start(type, "--management.endpoint.members.access=unrestricted", "--memberlist.join=" + at(other)));
        ConfigurableApplicationContext context = OTHERS_TO_CLOSE.get(OTHERS_TO_CLOSE.size() - 1);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        await().atMost(PATIENCE).until(() -> other.numMembers() == 2);
        String key = "{\"key\":\""
                + Base64.getEncoder().encodeToString("the third key 12".getBytes(StandardCharsets.UTF_8)) + "\"}";

        HttpResponse<String> unknown = send(port, "POST", "members/cluster/use-key", key);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(read(unknown).path("error").asString()).contains("orders-1", "orders-2", "install it there first");

        // the other member cannot answer yet, as one on the Go library
        JsonNode partly = json(send(port, "POST", "members/cluster/install-key", key));
        assertThat(partly.path("complete").asBoolean()).isFalse();
        assertThat(partly.path("missing").propertyNames()).containsExactly("orders-2");

        try (ClusterKeys keys = new ClusterKeys(other)) {
            JsonNode installed = json(send(port, "POST", "members/cluster/install-key", key));
            assertThat(installed.propertyNames())
                    .isEqualTo(documented("POST /actuator/members/cluster/install-key")
                            .propertyNames());
            JsonNode rotated = json(send(port, "POST", "members/cluster/rotate-key", key));
            assertThat(rotated.path("complete").asBoolean()).isTrue();
            assertThat(rotated.at("/keys/orders-2")).hasSize(1).isEqualTo(rotated.at("/keys/orders-1"));
            assertThat(keys.list().join().complete()).isTrue();
        } finally {
            other.close();
        }
    }

    private static Memberlist companion() {
        return Memberlist.create(MemberlistConfig.local()
                .nodeName("orders-2")
                .network(n ->
                        n.bindAddress("127.0.0.1").bindPort(0).label("shop").tcpTimeout(Duration.ofSeconds(10)))
                .encryption(e -> e.keyring(Keyring.of(KEY, NEW_KEY)))
                .meta(MemberTags.encode(Map.of("zone", "b")))
                .extension(ClusterMessaging.create().extension())
                .build());
    }

    private static ConfigurableApplicationContext start(WebApplicationType type, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--server.port=0",
                // Reactor Netty 1.3.6 stops reading a connection where a request overtakes the end of the one before.
                "--server.netty.max-keep-alive-requests=1",
                "--memberlist.node-name=orders-1",
                "--memberlist.profile=local",
                "--memberlist.network.tcp-timeout=10s",
                "--memberlist.network.bind-address=127.0.0.1",
                "--memberlist.network.bind-port=0",
                "--memberlist.network.label=shop",
                "--memberlist.tags.zone=a",
                "--spring.application.name=orders",
                "--memberlist.encryption.keys=" + KEY_TEXT,
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.env.show-values=always",
                "--management.endpoint.configprops.show-values=always",
                "--management.endpoint.health.show-details=always",
                "--management.endpoint.health.probes.enabled=true",
                "--management.endpoint.health.group.readiness.include=readinessState,memberlist",
                "--management.endpoint.health.group.readiness.show-components=always"));
        // Of an option that is given twice Spring would make a list.
        for (String argument : arguments) {
            String option = argument.substring(0, argument.indexOf('=') + 1);
            all.removeIf(given -> given.startsWith(option));
            all.add(argument);
        }
        return new SpringApplicationBuilder(Application.class).web(type).run(all.toArray(String[]::new));
    }

    /** The JSON in the document under this name. */
    private static JsonNode documented(String name) {
        String document = Documents.read("docs/actuator.md");
        int begin = document.indexOf("<!-- " + name + " -->");
        assertThat(begin).as("an example for " + name).isNotNegative();
        int from = document.indexOf("```json\n", begin) + "```json\n".length();
        return JsonMapper.builder().build().readTree(document.substring(from, document.indexOf("```", from)));
    }

    /** Every path in the JSON; the entries of a map with free keys count as one. */
    private static Set<String> paths(JsonNode json) {
        Set<String> paths = new TreeSet<>();
        collect("", json, paths);
        return paths;
    }

    private static void collect(String path, JsonNode json, Set<String> paths) {
        paths.add(path);
        if (json.isArray()) {
            json.forEach(element -> collect(path + "[]", element, paths));
        } else if (json.isObject() && !Set.of("tags", "drops", "failures").contains(path.replaceAll(".*\\.", ""))) {
            json.properties().forEach(it -> collect(path + "." + it.getKey(), it.getValue(), paths));
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return read(response);
    }

    private static JsonNode read(HttpResponse<String> response) {
        return JsonMapper.builder().build().readTree(response.body());
    }

    private HttpResponse<String> get(int port, String path) {
        return send(port, "GET", path, null);
    }

    private HttpResponse<String> send(int port, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(40))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
