package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.spring.LoopbackMember;
import io.memberlist.spring.boot.discovery.MemberlistServicesAutoConfiguration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;

/** The failure analyses of an application that did not start. */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertyFailureTest {
    private static final String SECRET = "c2VjcmV0LXNlY3JldC0";

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("encryption.keys=" + PropertiesConfigMapperTest.KEY_16 + ",!" + SECRET)
                        .of("memberlist.encryption.keys[1]", "not Base64", "openssl rand -base64 32"),
                failure("encryption.keys=" + SECRET + "x")
                        .of("memberlist.encryption.keys[0]", "15 bytes", "Give it 16, 24 or 32 random bytes"),
                failure("encryption.keys=${NO_SUCH_KEY}")
                        .of(
                                "memberlist.encryption.keys[0]",
                                "the placeholder ${NO_SUCH_KEY} has no value",
                                "Set the environment variable or property"),
                failure("encryption.keys[1]=" + SECRET)
                        .of(
                                "memberlist.encryption.keys",
                                "has gaps",
                                "Number the keys from memberlist.encryption.keys[0]"),
                failure("encryption.key=" + SECRET)
                        .of(
                                "memberlist.encryption.key, set by \"memberlist.encryption.key\"",
                                "there is no property of this name",
                                "the list memberlist.encryption.keys"),
                failure("encryption.keys.primary=" + SECRET)
                        .of("memberlist.encryption.keys.primary", "there is no property", "Put the keys in Base64"),
                failure("secret-key=" + SECRET)
                        .of("memberlist.secret-key", "there is no property", "Put the keys in Base64"),
                failure("bind-port=7950")
                        .of(
                                "memberlist.bind-port, set by \"memberlist.bind-port\"",
                                "there is no property of this name, and it would have no effect",
                                "Use memberlist.network.bind-port."),
                failure("seeds=10.0.0.1")
                        .of("memberlist.seeds", "there is no property of this name", "Use memberlist.join."),
                failure("port=7950")
                        .of(
                                "memberlist.port",
                                "there is no property of this name",
                                "Use memberlist.network.bind-port."),
                failure("name=a")
                        .of("memberlist.name", "there is no property of this name", "Use memberlist.node-name."),
                failure("encryption.verify-incoming=true")
                        .of(
                                "memberlist.encryption.verify-incoming",
                                "without keys in memberlist.encryption.keys nothing is encrypted",
                                "Set memberlist.encryption.keys"),
                failure("encryption.verify-outgoing=true")
                        .of("memberlist.encryption.verify-outgoing", "it is true", "Set memberlist.encryption.keys"),
                failure("join=10.0.0.1,10.0.0.2:99999")
                        .of(
                                "memberlist.join[1], set by \"memberlist.join\"",
                                "'10.0.0.2:99999' is no address to join: the port 99999 is not between 1 and 65535",
                                "Correct it"),
                failure("join=http://seed")
                        .of("memberlist.join[0]", "'http://seed' is no address to join", "Correct it"),
                failure("join=a,,b").of("memberlist.join[1]", "the host is empty", "Correct it"),
                failure("join=10.0.0.1", "network.require-node-names=true")
                        .of("memberlist.join[0]", "'10.0.0.1' does not name the member", "Write it as name/host:port"),
                failure("network.allowed-networks=10.0.0.0/8,10.0.0.0/33")
                        .of(
                                "memberlist.network.allowed-networks[1]",
                                "'10.0.0.0/33' is no network",
                                "at most 32 for IPv4"),
                failure("network.bind-address=nowhere.invalid")
                        .of(
                                "memberlist.network.bind-address",
                                "'nowhere.invalid' is neither",
                                "Correct it, or use 0.0.0.0"),
                failure("network.bind-address=192.0.2.1")
                        .of(
                                "memberlist.network.bind-address",
                                "'192.0.2.1' is not an address of this machine",
                                "Bind to one"),
                failure("network.advertise-address=nowhere.invalid")
                        .of(
                                "memberlist.network.advertise-address",
                                "'nowhere.invalid' is neither",
                                "Correct it, or leave it out"),
                failure("network.label=" + "x".repeat(256))
                        .of(
                                "memberlist.network.label",
                                "256 bytes long; the limit is 255 bytes",
                                "Choose a shorter one"),
                failure("meta=" + "x".repeat(513))
                        .of("memberlist.meta", "513 bytes long; the limit is 512 bytes", "Shorten it"),
                failure("tags.a=" + "x".repeat(512))
                        .of("memberlist.tags", "519 bytes of metadata; the limit is 512 bytes", "Use fewer or shorter"),
                failure("meta=a", "tags.b=c").of("memberlist.meta", "memberlist.tags is set as well", "Keep one"),
                failure("probe.timeout=2s")
                        .of(
                                "memberlist.probe.timeout",
                                "memberlist.probe.timeout is 2s, longer than memberlist.probe.interval, which is 1s by default",
                                "Shorten the one or lengthen the other"),
                failure("gossip.nodes=300").of("memberlist.gossip.nodes", "is 300", "It must lie between 0 and 255"),
                failure("limits.push-pulls-served=0")
                        .of("memberlist.limits.push-pulls-served", "is 0", "It must lie between 1 and 65536"),
                failure("limits.user-state-size=3GB")
                        .of("memberlist.limits.user-state-size", "3221225472B", "Choose a size below 2GB"),
                failure("join-retry.initial-delay=0s")
                        .of("memberlist.join-retry.initial-delay", "is 0s", "It must be longer than zero"),
                failure("join-retry.initial-delay=2m")
                        .of(
                                "memberlist.join-retry.initial-delay",
                                "longer than memberlist.join-retry.max-delay",
                                "Shorten the one"),
                failure("leave-timeout=-1s").of("memberlist.leave-timeout", "is -1s, which is negative", "Use zero"),
                failure("leave-timeout=1000000d")
                        .of("memberlist.leave-timeout", "is 1000000d", "The limit is 365 days; choose a shorter one"),
                failure("messaging.request-timeout=0s")
                        .of("memberlist.messaging.request-timeout", "is 0s", "It must be longer than zero"),
                failure("messaging.hold-back=-500ms")
                        .of("memberlist.messaging.hold-back", "is -500ms", "It must not be negative"),
                failure("discovery.port=99999")
                        .of("memberlist.discovery.port", "is 99999", "It must lie between 1 and 65535"),
                failure("discovery.scheme=ftp").of("memberlist.discovery.scheme", "is 'ftp'", "Use http or https"),
                failure("network.bind-port=65536")
                        .of("memberlist.network.bind-port", "is 65536", "It must lie between 0 and 65535"),
                failure("network.advertise-port=99999")
                        .of("memberlist.network.advertise-port", "is 99999", "and 65535"),
                failure("limits.user-state-size=-3GB")
                        .of("memberlist.limits.user-state-size", "-3221225472B", "Choose a size of zero or above"),
                failure("probe.interval=200ms")
                        .of(
                                "The property memberlist.probe.interval, set by \"memberlist.probe.interval\"",
                                "the default of memberlist.probe.timeout is 500ms, longer than memberlist.probe.interval,"
                                        + " which is 200ms",
                                "Shorten the one or lengthen the other"),
                failure("protocol.delegate-min=5")
                        .of(
                                "The property memberlist.protocol.delegate-min, set by",
                                "the default of memberlist.protocol.delegate-max is 0",
                                "memberlist.protocol.delegate-max must lie between 5 and 255"),
                failure("protocol.delegate-min=3", "protocol.delegate-max=3")
                        .of(
                                "The property memberlist.protocol.delegate-m",
                                "the default of memberlist.protocol.delegate-version is 0",
                                "memberlist.protocol.delegate-version must lie between 3 and 3"),
                failure("probe.timeout=900ms", "probe.interval=500ms")
                        .of(
                                "The property memberlist.probe.timeout, set by",
                                "is 900ms, longer than memberlist.probe.interval, which is 500ms.",
                                "Shorten the one"),
                failure("network.bind-port=99999999999")
                        .of(
                                "memberlist.network.bind-port, set by",
                                "'99999999999' is not a whole number up to 2147483647",
                                "Write a whole number"),
                failure("network.bind-port=7946x")
                        .of(
                                "memberlist.network.bind-port, set by",
                                "'7946x' is not a whole number.",
                                "Write a whole number."),
                failure("tags=zone:a")
                        .of(
                                "memberlist.tags, set by",
                                "'zone:a' has no name of its own",
                                "Write each value below its name, as memberlist.tags.NAME=VALUE."),
                failure("messaging.topics.orders=com.acme.Nope")
                        .of(
                                "memberlist.messaging.topics.orders, set by",
                                "'com.acme.Nope' is not the name of a class that this application has",
                                "Write the name of a class that this application has"),
                failure("probe.interval=5 seconds")
                        .of(
                                "memberlist.probe.interval, set by",
                                "'5 seconds' is not a time",
                                "Write a time, such as 500ms, 5s or 2m"),
                failure("limits.user-message-size=1 megabyte")
                        .of("memberlist.limits.user-message-size, set by", "is not a size", "such as 64KB or 1MB"),
                failure("network.compression=false")
                        .of(
                                "memberlist.network.compression, set by",
                                "there is no property of this name",
                                "memberlist.compression.enabled"),
                failure("compression.enabled=maybe")
                        .of("memberlist.compression.enabled, set by", "'maybe' is not true or false", "Write true"),
                failure("discovery.port=web")
                        .of("memberlist.discovery.port, set by", "'web' is not a whole number", "Write a whole number"),
                failure("join-retry.max-delay=100ms")
                        .of(
                                "The property memberlist.join-retry.max-delay, set by",
                                "the default of memberlist.join-retry.initial-delay is ",
                                "Shorten the one or lengthen the other"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesThePropertyTheLimitAndTheRemedy(
            String[] properties, String property, String problem, String remedy, CapturedOutput output) {
        assertThatThrownBy(() -> start(properties)).isInstanceOf(RuntimeException.class);

        String report = output.getOut().substring(output.getOut().indexOf("APPLICATION FAILED TO START"));
        assertThat(report.substring(0, report.indexOf("Action:"))).contains(property, problem);
        assertThat(report.substring(report.indexOf("Action:"))).contains(remedy);
        assertThat(output.getAll()).doesNotContain(SECRET).doesNotContain(PropertiesConfigMapperTest.KEY_16);
    }

    /** Whatever a number, a time or a size is set to, it is used, or refused in words that name the property. */
    @Test
    void everyNumberTimeAndSizeIsUsedOrRefusedByName() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withUserConfiguration(LoopbackMember.class)
                .withConfiguration(AutoConfigurations.of(
                        MemberlistAutoConfiguration.class,
                        MemberlistMessagingAutoConfiguration.class,
                        MemberlistServicesAutoConfiguration.class));
        Map<String, List<String>> extremes = Map.of(
                "java.lang.Integer", List.of("-2147483648", "2147483647"),
                "java.time.Duration", List.of("-1s", "1000000d"),
                "org.springframework.util.unit.DataSize", List.of("-4GB", "8000000TB"));
        int refused = 0;
        for (JsonNode property : ConfigurationMetadata.properties()) {
            String name = property.path("name").asString();
            for (String value : extremes.getOrDefault(property.path("type").asString(), List.of())) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                runner.withPropertyValues(name + "=" + value).run(context -> failure.set(context.getStartupFailure()));
                if (failure.get() != null) {
                    refused++;
                    FailureAnalysis analysis = new InvalidMemberlistPropertyFailureAnalyzer(
                                    new MockEnvironment().withProperty(name, value))
                            .analyze(failure.get());
                    assertThat(analysis)
                            .as("%s=%s: %s", name, value, failure.get())
                            .isNotNull();
                    assertThat(analysis.getDescription())
                            .as("%s=%s", name, value)
                            .startsWith("The property " + name + ", set by ");
                    assertThat(analysis.getAction()).as("%s=%s", name, value).isNotBlank();
                }
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void blamesNoPropertyForWhatACustomizerHasSet() {
        InvalidMemberlistPropertyException refused = SettingNames.translate(
                new InvalidSettingException("gossip.nodes", "gossip.nodes is 300: it must lie" + " between 0 and 255"));
        MockEnvironment environment = new MockEnvironment().withProperty("memberlist.gossip.interval", "1s");

        FailureAnalysis analysis = new InvalidMemberlistPropertyFailureAnalyzer(environment).analyze(refused);

        assertThat(analysis.getDescription())
                .isEqualTo("The property memberlist.gossip.nodes cannot be used: memberlist.gossip.nodes is 300.");
    }

    @Test
    void saysWhereThePropertyWasSet(CapturedOutput output) {
        assertThatThrownBy(() -> start("gossip.nodes=300")).isInstanceOf(RuntimeException.class);

        assertThat(output)
                .contains(
                        "The property memberlist.gossip.nodes, set by \"memberlist.gossip.nodes\" from property source"
                                + " \"commandLineArgs\", cannot be used");
    }

    @Test
    void findsTheMistypedSecretAmongTheVariablesOfTheEnvironment() {
        MockEnvironment environment = new MockEnvironment();
        Map<String, Object> variables = Map.of("MEMBERLIST_ENCRYPTION_KEY", SECRET);
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));

        assertThatThrownBy(() -> MistypedSecrets.refuse(environment))
                .hasMessageContaining("memberlist.encryption.key: there is no property")
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memberlist.encryption.keys[0]",
                "memberlist.encryption.verifyIncoming",
                "memberlist.encryption.verify-outgoing",
                "memberlist.encryption.verify.outgoing",
                "memberlist.tags.key",
                "memberlist.network.label",
                "other.encryption.key"
            })
    void takesNothingElseForASecret(String property) {
        assertThatCode(() -> MistypedSecrets.refuse(new MockEnvironment().withProperty(property, "x")))
                .doesNotThrowAnyException();
    }

    private static void start(String... properties) {
        new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off", "memberlist.network.bind-port=0", "memberlist.node-name=a")
                .run(Stream.of(properties).map(it -> "--memberlist." + it).toArray(String[]::new))
                .close();
    }

    private static Case failure(String... properties) {
        return new Case(properties);
    }

    private record Case(String[] properties) {
        Arguments of(String property, String problem, String remedy) {
            return Arguments.of(properties, property, problem, remedy);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MemberlistAutoConfiguration.class,
        MemberlistMessagingAutoConfiguration.class,
        MemberlistServicesAutoConfiguration.class
    })
    static class Application {}
}
