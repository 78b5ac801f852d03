package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** {@code docs/log.md} has every line of level WARN and above that the published modules log, and no other. */
class LogDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES =
            List.of("memberlist-core", "memberlist-messaging", "memberlist-spring-boot-autoconfigure");

    /** Where a line begins: a call of a logger, an entry of LogEvent, or a warning of an extension. */
    private static final Pattern LINE = Pattern.compile(
            "(?:log|context)\\.(?<method>warn|error)\\(|\\((?:\\s*)Level\\.(?<level>WARN|ERROR),", Pattern.MULTILINE);

    private static final String LITERAL = "\"(?:[^\"\\\\]|\\\\.)*\"";
    /** What may stand between the beginning and the text: the subject, which contains no literal and no end of statement. */
    private static final Pattern TEXT =
            Pattern.compile("[^\";]*?(?<text>" + LITERAL + "(?:\\s*\\+\\s*" + LITERAL + ")*)");

    private static final Pattern ROW = Pattern.compile("\\| (WARN|ERROR) \\| `([^`]+)` \\| [^|]{10,} \\| [^|]{5,} \\|");

    @Test
    void everyWarningAndErrorIsExplained() {
        Set<String> logged = MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("src/main/java"))
                .flatMap(LogDocumentTest::sources)
                .flatMap(LogDocumentTest::lines)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(logged).hasSizeGreaterThan(50);
        assertThat(explained()).containsExactlyInAnyOrderElementsOf(logged);
    }

    @Test
    void rowsOfTheTablesAreComplete() {
        assertThat(document().filter(line -> line.startsWith("| WARN |") || line.startsWith("| ERROR |")))
                .filteredOn(line -> line.contains("`"))
                .allMatch(line -> ROW.matcher(line).matches());
    }

    @Test
    void aLineIsFoundHoweverItIsWritten() {
        assertThat(lines("""
                        log.warn(
                                "a {}"
                                        + " b",
                                name);
                        log.log(Level.ERROR, e.getClass(), "c {}", e);
                        ENTRY(Level.WARN, "d \\"{}\\""),
                        context.warn(e.reason(), "f", detail);
                        log.info("e");
                        """)).containsExactly("WARN a {} b", "ERROR c {}", "WARN d \"{}\"", "WARN f");
    }

    private static List<String> explained() {
        return document()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();
    }

    private static Stream<String> document() {
        return read(ROOT.resolve("docs/log.md")).lines();
    }

    private static Stream<String> sources(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).map(LogDocumentTest::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(String source) {
        return LINE.matcher(source)
                .results()
                .map(begin -> level(begin) + " " + text(source, begin.end()))
                .filter(line -> !line.endsWith(" "));
    }

    private static Level level(MatchResult begin) {
        String method = begin.group(1);
        return method != null ? Level.valueOf(method.toUpperCase(Locale.ROOT)) : Level.valueOf(begin.group(2));
    }

    private static String text(String source, int from) {
        Matcher matcher = TEXT.matcher(source);
        if (!matcher.region(from, source.length()).lookingAt()) {
            return "";
        }
        return Pattern.compile(LITERAL)
                .matcher(matcher.group("text"))
                .results()
                .map(literal -> literal.group().substring(1, literal.group().length() - 1))
                .collect(Collectors.joining())
                .replace("\\\"", "\"");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
