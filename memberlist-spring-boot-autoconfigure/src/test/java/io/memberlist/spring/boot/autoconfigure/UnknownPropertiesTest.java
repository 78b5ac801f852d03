package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTest {
    @ParameterizedTest
    @CsvSource({
        "memberlist.label, memberlist.network.label",
        "memberlist.bind-port, memberlist.network.bind-port",
        "memberlist.bindPort, memberlist.network.bind-port",
        "memberlist.allowed-networks[0], memberlist.network.allowed-networks",
        "memberlist.verify-incoming, memberlist.encryption.verify-incoming",
        "memberlist.probe-interval, memberlist.probe.interval",
        "memberlist.security.label, memberlist.network.label",
        "memberlist.network.join, memberlist.join",
        "memberlist.join.seeds, memberlist.join",
        "memberlist.join.seeds[0], memberlist.join",
        "memberlist.encryption.keys.primary, memberlist.encryption.keys"
    })
    void saysWhereAMisplacedPropertyBelongs(String property, String meant) {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(new MockEnvironment().withProperty(property, "x")))
                .satisfies(refused -> assertThat(refused.remedy()).isEqualTo("use " + meant));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memberlist.network.compression", "memberlist.network.Compression"})
    void saysWhatHasTakenThePlaceOfAFormerProperty(String property) {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(new MockEnvironment().withProperty(property, "false")))
                .satisfies(refused -> {
                    assertThat(refused.property()).isEqualTo("memberlist.network.compression");
                    assertThat(refused.problem()).contains("there is no property of this name");
                    assertThat(refused.remedy()).isEqualTo("use memberlist.compression.enabled");
                });
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(withVariable("MEMBERLIST_NETWORK_COMPRESSION")))
                .satisfies(refused -> assertThat(refused.remedy()).isEqualTo("use memberlist.compression.enabled"));
    }

    @ParameterizedTest
    @CsvSource({
        "memberlist.jion, memberlist.join",
        "memberlist.jion[0], memberlist.join",
        "memberlist.nodename2, memberlist.node-name",
        "memberlist.network.bind-prot, memberlist.network.bind-port",
        "memberlist.netwrok.label, memberlist.network.label"
    })
    void saysWhichNameIsTheNearest(String property, String meant) {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(new MockEnvironment().withProperty(property, "x")))
                .satisfies(refused -> assertThat(refused.remedy()).startsWith("use " + meant));
    }

    @ParameterizedTest
    @CsvSource({
        "spring.memberlist.join, use memberlist.join",
        "spring.memberlist.jion, 'use memberlist.join, or take'",
        "spring.memberlist.label, use memberlist.network.label",
        "spring.memberlist.nonsense, correct the name",
        "memberlist.health.alone-is-down, a member that is alone is up"
    })
    void warnsOfWhatMayHaveAnotherOwnerOrWasOnceRight(String property, String remedy, CapturedOutput output) {
        UnknownProperties.refuse(new MockEnvironment().withProperty(property, "x"));

        assertThat(output.getOut())
                .contains("WARN")
                .contains("The property " + property)
                .contains(remedy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MEMBERLIST_JION", "MEMBERLIST_NODENAMES", "SPRING_MEMBERLIST_JOIN"})
    void warnsOfAVariableWithASimilarName(String variable, CapturedOutput output) {
        UnknownProperties.refuse(withVariable(variable));

        assertThat(output.getOut()).contains("has no effect: use memberlist.").contains(variable);
    }

    @Test
    void namesTheSettingsOfTheGroupWhereNoneIsMeantForSure() {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() ->
                        UnknownProperties.refuse(new MockEnvironment().withProperty("memberlist.gossip.node", "3")))
                .satisfies(refused -> {
                    assertThat(refused.property()).isEqualTo("memberlist.gossip.node");
                    assertThat(refused.problem()).contains("there is no property of this name");
                    assertThat(refused.remedy()).contains("this group has interval, nodes, queue-check-interval");
                });
    }

    @Test
    void knowsEveryPropertyInTheMetadata() {
        MockEnvironment environment = new MockEnvironment();
        for (JsonNode property : ConfigurationMetadata.properties()) {
            environment.setProperty(property.path("name").asString(), "x");
        }

        assertThatCode(() -> UnknownProperties.refuse(environment)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memberlist.tags.label",
                "memberlist.messaging.topics[orders.placed]",
                "memberlist.encryption.keys[0]",
                "memberlist.network.bindPort",
                "memberlist.network",
                "memberlist.discovery.port",
                "memberlist",
                "other.label"
            })
    void acceptsWhatIsBound(String property) {
        assertThatCode(() -> UnknownProperties.refuse(new MockEnvironment().withProperty(property, "x")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MEMBERLIST_LABEL", "MEMBERLIST_BINDPORT", "MEMBERLIST_BIND_PORT"})
    void findsAMisplacedVariableOfTheEnvironment(String variable) {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(withVariable(variable)))
                .satisfies(refused -> assertThat(refused.remedy()).startsWith("use memberlist.network."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MEMBERLIST_PORT",
                "MEMBERLIST_PORT_7946_TCP_ADDR",
                "MEMBERLIST_SERVICE_HOST",
                "MEMBERLIST_VERSION",
                "MEMBERLIST_NETWORK_LABEL",
                "MEMBERLIST_COMPRESSION_ENABLED",
                "MEMBERLIST_COMPRESSION_ALGORITHM",
                "MEMBERLIST_NETWORK_BIND_PORT"
            })
    void leavesOtherVariablesOfTheEnvironmentAlone(String variable, CapturedOutput output) {
        assertThatCode(() -> UnknownProperties.refuse(withVariable(variable))).doesNotThrowAnyException();
        assertThat(output.getOut()).doesNotContain("has no effect");
    }

    private static MockEnvironment withVariable(String name) {
        MockEnvironment environment = new MockEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, "x")));
        return environment;
    }
}
