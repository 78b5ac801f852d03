package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.config.MessagingConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The metadata that an editor shows must agree with the behaviour. */
class ConfigurationMetadataTest {
    private final Map<String, JsonNode> properties = properties();

    @Test
    void everyPropertyIsDescribed() {
        assertThat(properties).hasSizeGreaterThan(50);
        assertThat(properties.values())
                .allSatisfy(it -> assertThat(it.path("description").asString(""))
                        .as(it.path("name").asString())
                        .isNotBlank());
    }

    @Test
    void everyDefaultIsThatOfTheLanProfile() {
        Map<String, String> defaults = new HashMap<>();
        properties.forEach((name, it) -> {
            if (it.has("defaultValue")) {
                defaults.put(
                        name.substring("memberlist.".length()),
                        it.path("defaultValue").asString());
            }
        });

        assertThat(defaults).hasSizeGreaterThan(40);
        assertThat(PropertiesConfigMapper.builder(PropertiesConfigMapperTest.bind(defaults))
                        .build())
                .usingRecursiveComparison()
                .isEqualTo(MemberlistProperties.Profile.LAN.preset().build());
        assertThat(PropertiesConfigMapper.messaging(PropertiesConfigMapperTest.bind(defaults)))
                .isEqualTo(MessagingConfig.builder().build());
    }

    @Test
    void everySettingOfTheEngineHasItsProperty() {
        List<String> settings =
                PropertiesConfigMapperTest.settings("", MemberlistConfig.lan().build()).keySet().stream()
                        .filter(path -> !path.startsWith("delegates."))
                        .filter(path -> !Set.of("callbackExecutor", "transportFactory", "extensions", "settingNames")
                                .contains(path))
                        .toList();

        assertThat(settings)
                .hasSizeGreaterThan(40)
                .allSatisfy(setting -> assertThat(properties)
                        .containsKey(SettingNames.property(
                                setting.equals("encryption.keyring") ? "encryption.keys" : setting)));
    }

    @Test
    void everySettingOfClusterMessagesHasItsProperty() {
        MessagingConfig config = MessagingConfig.builder().build();

        assertThat(PropertiesConfigMapperTest.settings("messaging.", config).keySet())
                .hasSizeGreaterThan(5)
                .allSatisfy(setting -> assertThat(properties).containsKey(SettingNames.property(setting)));
    }

    private static Map<String, JsonNode> properties() {
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode property : ConfigurationMetadata.properties()) {
            String name = property.path("name").asString();
            if (name.startsWith("memberlist.")) {
                found.put(name, property);
            }
        }
        return found;
    }
}
