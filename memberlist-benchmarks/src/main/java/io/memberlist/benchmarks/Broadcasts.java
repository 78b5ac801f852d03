package io.memberlist.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures {@link BroadcastLatency} of several libraries one after the other, each in its own JVM, so that none affects
 * another.
 *
 * <p>Arguments: the libraries, separated by commas, or {@code all}; the number of members (100), the bytes of a message
 * (100), the number of messages (200), the milliseconds between them (20), and the number of repetitions (1).
 */
public final class Broadcasts {
    private static final PrintStream out = System.out;

    private Broadcasts() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<Library> libraries = libraries(args.length > 0 ? args[0] : "all");
        List<String> rest = List.of(
                argument(args, 1, "100"), argument(args, 2, "100"), argument(args, 3, "200"), argument(args, 4, "20"));
        out.printf("%s members, %s bytes, %s messages, %s ms between them%n", rest.toArray());
        out.println(BroadcastLatency.HEADING);
        for (int i = 0; i < Integer.parseInt(argument(args, 5, "1")); i++) {
            for (Library library : libraries) {
                run(library, rest);
            }
        }
    }

    static List<Library> libraries(String names) {
        if (names.equals("all")) {
            return List.of(Library.values());
        }
        return Arrays.stream(names.split(","))
                .map(name -> Library.valueOf(name.trim().toUpperCase(Locale.ROOT)))
                .toList();
    }

    private static String argument(String[] args, int index, String otherwise) {
        return args.length > index ? args[index] : otherwise;
    }

    private static void run(Library library, List<String> arguments) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java, "-cp", System.getProperty("java.class.path"), BroadcastLatency.class.getName(), library.name()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(new File("/dev/null"))
                .start();
        if (process.waitFor() != 0) {
            out.printf("%-12s failed%n", library);
        }
    }
}
