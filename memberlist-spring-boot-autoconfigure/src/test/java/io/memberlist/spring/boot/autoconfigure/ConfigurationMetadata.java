package io.memberlist.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata that the annotation processor generated for editors. */
final class ConfigurationMetadata {
    private ConfigurationMetadata() {}

    /** {@return every property this module knows} */
    static List<JsonNode> properties() {
        try (InputStream json =
                MemberlistProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.builder()
                    .build()
                    .readTree(json)
                    .path("properties")
                    .valueStream()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
