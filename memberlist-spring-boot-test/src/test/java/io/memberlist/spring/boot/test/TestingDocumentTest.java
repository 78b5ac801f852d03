package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example in {@code docs/testing.md} is the test that runs here. */
class TestingDocumentTest {
    @Test
    void theExampleIsTheTestThatRuns() throws IOException {
        String test = Files.readString(
                find("memberlist-spring-boot-test/src/test/java/io/memberlist/spring/boot/test/OrdersTests.java"));
        String example = test.substring(test.indexOf("@SpringBootTest\n"));

        assertThat(Files.readString(find("docs/testing.md"))).contains("```java\n" + example + "```");
    }

    private static Path find(String name) {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(name))) {
                return at.resolve(name);
            }
        }
        throw new IllegalStateException("there is no " + name + " in or above " + start);
    }
}
