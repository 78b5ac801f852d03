package io.memberlist.benchmarks.hostile;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Attacks three members of each side, scene by scene, and prints a table. {@code hostile.sh} builds and runs this.
 *
 * <p>Arguments: the seconds of a flood (60), the scenes, separated by commas, or {@code all}, and the sides, {@code java},
 * {@code go} or both. The system property {@code go.program} is the built program of {@code interop/}; {@code output} is the
 * directory for the table and the logs of the members.
 */
public final class HostilePeers {
    private static final PrintStream out = System.out;

    private HostilePeers() {}

    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(argument(args, 0, "60"));
        List<Scene> scenes = scenes(argument(args, 1, "all"));
        List<Side> sides = Arrays.stream(argument(args, 2, "java,go").split(","))
                .map(name -> Side.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
        Path output = Files.createDirectories(Path.of(System.getProperty("output", "target/hostile")));
        String goProgram = System.getProperty("go.program", "memberlist-node");
        List<Result> results = new ArrayList<>();
        out.print(Result.HEADING);
        for (Scene scene : scenes) {
            for (Side side : sides) {
                Path logs = output.resolve(scene.name() + "-" + side);
                Result result = Measuring.measure(scene, side, seconds, goProgram, logs);
                results.add(result);
                out.println(result.row());
                write(output.resolve("hostile.md"), results);
            }
        }
        System.exit(0);
    }

    private static void write(Path file, List<Result> results) throws IOException {
        StringBuilder table = new StringBuilder(Result.HEADING);
        results.forEach(result -> table.append(result.row()).append('\n'));
        Files.writeString(file, table);
    }

    /**
     * {@return the scenes of these names}
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static List<Scene> scenes(String names) {
        List<Scene> all = Scenes.all();
        if (names.equals("all")) {
            return all;
        }
        Function<String, Scene> named = name -> all.stream()
                .filter(scene -> scene.name().equals(name.trim()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no scene " + name + ", but "
                        + all.stream().map(Scene::name).toList()));
        return Arrays.stream(names.split(",")).map(named).toList();
    }

    private static String argument(String[] args, int index, String otherwise) {
        return args.length > index ? args[index] : otherwise;
    }
}
