package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.EncryptionConfig;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.spring.Documents;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/migration.md} contains only names that exist. */
class MigrationDocumentTest {
    private final String document = Documents.read("docs/migration.md");

    @Test
    void everyPropertyExists() {
        Set<String> known = ConfigurationMetadata.properties().stream()
                .map(property -> property.path("name").asString())
                .collect(Collectors.toSet());

        assertThat(found("`(memberlist\\.[a-z.-]+)`"))
                .hasSizeGreaterThan(35)
                .allSatisfy(name -> assertThat(known)
                        .anyMatch(property -> property.equals(name) || property.startsWith(name + ".")));
    }

    @Test
    void everySettingOfTheBuilderExists() {
        String settings = document.substring(document.indexOf("## Settings"), document.indexOf("## Metrics"));
        List<String> names = Pattern.compile("^\\| `\\w+` \\| `([\\w.]+)` \\|", Pattern.MULTILINE)
                .matcher(settings)
                .results()
                .map(it -> it.group(1))
                .toList();

        Set<String> known = PropertiesConfigMapperTest.settings(
                        "", MemberlistConfig.lan().build())
                .keySet();
        assertThat(names)
                .hasSizeGreaterThan(40)
                .allMatch(name -> known.contains(name) || name.equals("encryption.secretKey"));
        assertThat(methods(EncryptionConfig.Builder.class)).contains("secretKey");
    }

    @Test
    void everyCallExists() {
        assertThat(found("`m\\.([a-z]\\w+)\\(")).hasSizeGreaterThan(14).isSubsetOf(methods(Memberlist.class));
    }

    private List<String> found(String pattern) {
        return Pattern.compile(pattern)
                .matcher(document)
                .results()
                .map(it -> it.group(1))
                .toList();
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(Method::getName).collect(Collectors.toSet());
    }
}
