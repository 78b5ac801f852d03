package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.transport.tls.PeerCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code docs/configuration.md} has one row for each property, in any order, and agrees with the metadata. */
class ConfigurationDocumentTest {
    private static final Map<String, String> VALUES = Map.of(
            MemberlistProperties.Profile.class.getName(), "lan, wan, local or dskit",
            MemberlistProperties.Transport.Type.class.getName(), "udp, tls or tcp",
            PeerCheck.class.getName(), "address, name or none");

    @Test
    void theDocumentListsEveryPropertyAsItIs() throws IOException {
        List<String> expected = ConfigurationMetadata.properties().stream()
                .map(ConfigurationDocumentTest::row)
                .toList();

        List<String> rows = Files.readAllLines(document()).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(expected).hasSizeGreaterThan(35);
        assertThat(rows)
                .as("the tables of docs/configuration.md")
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String row(JsonNode property) {
        String value = property.path("defaultValue").asString("");
        return "| `" + property.path("name").asString() + "` | "
                + type(property.path("type").asString()) + " | "
                + (value.isEmpty() ? "" : "`" + value + "` ") + "| "
                + property.path("description").asString() + " |";
    }

    /** {@return the type for readers: without packages, and with all values of our enumerations} */
    private static String type(String type) {
        String values = VALUES.get(type);
        if (values != null) {
            return values;
        }
        if (type.equals(CompressionAlgorithm.class.getName())) {
            return "lzw or snappy";
        }
        return type.replaceAll("[a-z]+\\.", "").replaceAll("List<String>", "list");
    }

    /** Tests run in the directory of the module with Maven, and possibly in that of the repository with an IDE. */
    private static Path document() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            Path document = at.resolve("docs/configuration.md");
            if (Files.exists(document)) {
                return document;
            }
        }
        throw new IllegalStateException("there is no docs/configuration.md in or above " + start);
    }
}
