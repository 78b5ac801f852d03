package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/parity.md true: every class and method that it names exists, and every row has a test that runs or says why
 * it has none. In its tables whatever stands in code marks and begins with a capital letter, save in the first column,
 * is a class or {@code Class#member} of this module.
 */
class ParityTableTest {
    private static final Path TABLE = Path.of("..", "docs", "parity.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern REFERENCE = Pattern.compile("[A-Z]\\w*(#\\w+)?");
    private static final Set<String> TEST_ANNOTATIONS =
            Set.of("Test", "ParameterizedTest", "TestFactory", "RepeatedTest", "ArchTest");

    private static final Map<String, List<Class<?>>> CLASSES = new HashMap<>();
    private static final List<List<String>> ROWS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        index(Memberlist.class);
        index(ParityTableTest.class);
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("|") && !line.startsWith("|---")) {
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|", -1);
                ROWS.add(Arrays.stream(cells).map(String::strip).toList());
            }
        }
    }

    private static void index(Class<?> root) throws IOException, URISyntaxException {
        Path classes =
                Path.of(root.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replace('\\', '.');
                String qualified = name.substring(0, name.length() - ".class".length());
                String simple =
                        qualified.substring(Math.max(qualified.lastIndexOf('.'), qualified.lastIndexOf('$')) + 1);
                if (qualified.startsWith("io.memberlist.") && !simple.equals("package-info")) {
                    CLASSES.computeIfAbsent(simple, key -> new ArrayList<>()).add(load(qualified));
                }
            }
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ParityTableTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> references(List<String> row) {
        return row.stream()
                .skip(1)
                .flatMap(cell -> CODE.matcher(cell).results())
                .map(match -> match.group(1))
                .filter(code -> REFERENCE.matcher(code).matches())
                .toList();
    }

    private static boolean exists(String reference) {
        String[] parts = reference.split("#");
        List<Class<?>> named = CLASSES.getOrDefault(parts[0], List.of());
        return parts.length == 1 ? !named.isEmpty() : !members(reference).isEmpty();
    }

    private static List<AnnotatedElement> members(String reference) {
        String[] parts = reference.split("#");
        List<AnnotatedElement> found = new ArrayList<>();
        for (Class<?> type : CLASSES.getOrDefault(parts[0], List.of())) {
            for (Method method : Stream.concat(
                            Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getMethods()))
                    .toList()) {
                if (method.getName().equals(parts[1]) && !method.isSynthetic()) {
                    found.add(method);
                }
            }
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(parts[1]) && (Modifier.isStatic(field.getModifiers()))) {
                    found.add(field);
                }
            }
        }
        return found;
    }

    private static boolean isTest(String reference) {
        return reference.indexOf('#') > 0
                && members(reference).stream()
                        .flatMap(member -> Arrays.stream(member.getAnnotations()))
                        .map(Annotation::annotationType)
                        .anyMatch(type -> TEST_ANNOTATIONS.contains(type.getSimpleName()));
    }

    private static boolean isOfTheTests(String reference) {
        String type = reference.split("#")[0];
        return type.endsWith("Test") || type.endsWith("IT");
    }

    @Test
    void whateverIsNamedExists() {
        List<String> missing = ROWS.stream()
                .flatMap(row -> references(row).stream())
                .filter(reference -> !exists(reference))
                .distinct()
                .collect(Collectors.toList());

        assertThat(missing).isEmpty();
    }

    @Test
    void methodsOfTestsAreTestsThatRun() {
        List<String> tests = ROWS.stream()
                .flatMap(row -> references(row).stream())
                .filter(ParityTableTest::isOfTheTests)
                .toList();

        assertThat(tests)
                .hasSizeGreaterThan(200)
                .allSatisfy(
                        reference -> assertThat(isTest(reference)).as(reference).isTrue());
    }

    @Test
    void everyRowHasATestOrSaysWhyNot() {
        List<List<String>> unproven = ROWS.stream()
                .filter(row -> !row.get(0).startsWith("Go"))
                .filter(row -> references(row).stream().noneMatch(ParityTableTest::isOfTheTests))
                .filter(row -> row.get(row.size() - 1).length() < 10)
                .toList();

        assertThat(ROWS).hasSizeGreaterThan(300);
        assertThat(unproven).isEmpty();
    }

    @Test
    void nothingIsPlanned() throws IOException {
        assertThat(Files.readString(TABLE)).doesNotContainIgnoringCase("planned", "todo", "to do", "not yet");
    }
}
