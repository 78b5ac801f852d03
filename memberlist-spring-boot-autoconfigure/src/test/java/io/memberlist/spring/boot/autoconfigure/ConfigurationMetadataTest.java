package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an editor shows must be what happens. */
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
    }

    @Test
    void everySettingOfTheEngineHasItsProperty() {
        List<String> settings = Arrays.stream(MemberlistConfig.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !name.toLowerCase(Locale.ROOT).endsWith("delegate"))
                .filter(name -> !Set.of("callbackExecutor", "transportFactory").contains(name))
                .toList();

        assertThat(settings)
                .hasSizeGreaterThan(40)
                .allSatisfy(setting -> assertThat(properties).containsKey(EngineSettings.property(setting)));
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
