package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;

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
        "memberlist.network.join, memberlist.join"
    })
    void saysWhereAMisplacedPropertyBelongs(String property, String meant) {
        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(() -> UnknownProperties.refuse(new MockEnvironment().withProperty(property, "x")))
                .satisfies(refused -> assertThat(refused.remedy()).isEqualTo("use " + meant));
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
                "MEMBERLIST_NETWORK_BIND_PORT"
            })
    void leavesOtherVariablesOfTheEnvironmentAlone(String variable) {
        assertThatCode(() -> UnknownProperties.refuse(withVariable(variable))).doesNotThrowAnyException();
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
