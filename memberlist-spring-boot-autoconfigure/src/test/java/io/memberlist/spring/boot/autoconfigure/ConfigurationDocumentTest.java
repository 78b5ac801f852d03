package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code docs/configuration.md} has one row for each property, in any order, and says what the metadata says. */
class ConfigurationDocumentTest {
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

    /** {@return the type as people write it: without packages, and with every value of an enumeration of ours} */
    private static String type(String type) {
        if (type.equals(MemberlistProperties.Profile.class.getName())) {
            return "lan, wan or local";
        }
        return type.replaceAll("[a-z]+\\.", "").replaceAll("List<String>", "list");
    }

    /** Tests run in the module's directory under Maven, but maybe in the repository's under an IDE. */
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
