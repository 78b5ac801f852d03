package io.memberlist.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.messaging.message.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/** Two versions of an application in one cluster: the same class, loaded twice. */
@ExtendWith(OutputCaptureExtension.class)
class JsonPayloadsUpgradeTest {
    private static final String OLD = """
            public record Order(int id, String customer, Kind kind) {
                public enum Kind { BOOK, MUSIC }
                public static Order make() { return new Order(1, "ann", Kind.BOOK); }
            }
            """;
    private static final String NEW = """
            public record Order(int id, String buyer, Kind kind, int count, boolean gift, long cents, java.util.List<String> tags) {
                public enum Kind { BOOK, MUSIC, FILM }
                public static Order make() { return new Order(2, "bob", Kind.FILM, 3, true, 99, java.util.List.of("x")); }
            }
            """;

    private final JsonPayloads converter = new JsonPayloads(JsonMapper.builder().build());

    @Test
    void theNewVersionReadsTheOldOnesMessages() throws Exception {
        assertThat(travels(OLD, NEW))
                .hasToString("Order[id=1, buyer=null, kind=BOOK, count=0, gift=false, cents=0, tags=null]");
    }

    @Test
    void theOldVersionReadsTheNewOnesMessagesAndWarns(CapturedOutput output) throws Exception {
        assertThat(travels(NEW, OLD)).hasToString("Order[id=2, customer=null, kind=null]");
        assertThat(output)
                .contains("A Order arrives with the field 'buyer', which is not known here")
                .contains("A Order$Kind arrives with the constant 'FILM', which is not known here");
    }

    @Test
    void anAliasReadsARenamedField() throws Exception {
        String aliased =
                NEW.replace("String buyer", "@com.fasterxml.jackson.annotation.JsonAlias(\"customer\") String buyer");

        assertThat(travels(OLD, aliased).toString()).contains("buyer=ann");
    }

    @Test
    void whatIsNoSuchObjectAtAllIsStillRefused() {
        Assertions.assertThatThrownBy(() -> travels(
                        "public record Order(String id) {"
                                + " public static Order make() { return new Order(\"no number\"); } }",
                        OLD))
                .isInstanceOf(MessagingException.class);
    }

    private Object travels(String from, String to) throws Exception {
        Map<String, String> headers = new HashMap<>();
        byte[] payload = converter.toPayload(order(from).getMethod("make").invoke(null), headers);
        return converter.toObject(payload, headers, order(to));
    }

    /** {@return the class, in a class loader of its own} */
    private static Class<?> order(String source) throws Exception {
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        StandardJavaFileManager standard =
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, StandardCharsets.UTF_8);
        JavaFileManager inMemory = new ForwardingJavaFileManager<>(standard) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("memory:///" + name + ".class"), kind) {
                    @Override
                    public ByteArrayOutputStream openOutputStream() {
                        return classes.computeIfAbsent(name, key -> new ByteArrayOutputStream());
                    }
                };
            }
        };
        JavaFileObject file = new SimpleJavaFileObject(URI.create("memory:///Order.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return source;
            }
        };
        List<String> options = List.of("-classpath", System.getProperty("java.class.path"), "-proc:none");
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(new PrintWriter(System.err), inMemory, null, options, null, List.of(file))
                .call();
        assertThat(compiled).isTrue();
        return new ClassLoader(JsonPayloadsUpgradeTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                ByteArrayOutputStream bytes = classes.get(name);
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes.toByteArray(), 0, bytes.size());
            }
        }.loadClass("Order");
    }
}
