package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

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
                                "memberlist.probe.timeout is PT2S, longer than memberlist.probe.interval, which is PT1S",
                                "Shorten the one or lengthen the other"),
                failure("gossip.nodes=300").of("memberlist.gossip.nodes", "is 300", "It must lie between 0 and 255"),
                failure("limits.push-pulls-served=0")
                        .of("memberlist.limits.push-pulls-served", "is 0", "It must lie between 1 and 65536"),
                failure("limits.user-state-size=3GB")
                        .of("memberlist.limits.user-state-size", "3221225472B", "Choose a size below 2GB"),
                failure("join-retry.initial-delay=0s")
                        .of("memberlist.join-retry.initial-delay", "is PT0S", "It must be longer than zero"),
                failure("join-retry.initial-delay=2m")
                        .of(
                                "memberlist.join-retry.initial-delay",
                                "longer than memberlist.join-retry.max-delay",
                                "Shorten the one"),
                failure("leave-timeout=-1s").of("memberlist.leave-timeout", "negative", "Use zero"));
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
    @ImportAutoConfiguration(MemberlistAutoConfiguration.class)
    static class Application {}
}
