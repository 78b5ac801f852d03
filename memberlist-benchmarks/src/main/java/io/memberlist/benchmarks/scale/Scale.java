package io.memberlist.benchmarks.scale;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a scene with members of this engine and of the Go library in turns, each time in a process of its own, and prints the
 * medians.
 *
 * <p>Arguments: the scene, the number of members, the sides ({@code java}, {@code go} or {@code java,go}), the number of
 * repetitions, and for how many seconds a quiet cluster rests before it is measured for as long. The system property {@code
 * go.program} is the program of {@code interop/scale}; {@code java.flags} are those of the JVM with the members; {@code plots} is
 * the folder of the plot.
 */
public final class Scale {
    private Scale() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 5) {
            throw new IllegalArgumentException(
                    "expected 5 arguments: scene, members, sides, repetitions, seconds of rest");
        }
        Scene scene = Scene.valueOf(args[0].toUpperCase(Locale.ROOT));
        List<String> sides = Arrays.asList(args[2].split(","));
        int repetitions = Integer.parseInt(args[3]);
        Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
        ViewPlot plot = new ViewPlot(args[0] + " of " + args[1] + " members on loopback");
        for (int i = 0; i < repetitions; i++) {
            for (String side : sides) {
                List<double[]> views = new ArrayList<>();
                String result = run(command(side, scene.name().toLowerCase(Locale.ROOT), args[1], args[4]), views);
                plot.add(side, views);
                System.out.println(side + " " + result);
                collect(result, figures.computeIfAbsent(side, key -> new TreeMap<>()));
            }
        }
        figures.forEach((side, bySide) -> {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s of %s members, medians of %d:",
                    side,
                    scene.name().toLowerCase(Locale.ROOT),
                    args[1],
                    repetitions);
            bySide.forEach((name, values) -> System.out.printf(Locale.ROOT, " %s %.3f", name, median(values)));
            System.out.println();
        });
        Path svg = Path.of(System.getProperty("plots", "."), args[0] + "-" + args[1] + ".svg");
        Files.writeString(svg, plot.svg());
        System.out.println("how the views grew: " + svg);
    }

    private static List<String> command(String side, String... arguments) {
        List<String> command = new ArrayList<>();
        switch (side) {
            case "java" -> {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(
                        Arrays.asList(System.getProperty("java.flags", "-Xmx4g").split(" ")));
                command.addAll(List.of("-cp", System.getProperty("java.class.path"), ScaleMembers.class.getName()));
            }
            case "go" -> command.add(System.getProperty("go.program"));
            default -> throw new IllegalArgumentException("unknown side \"" + side + "\": expected java or go");
        }
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** @param views where the mean views are noted: the seconds, and the share of the members that a member sees */
    private static String run(List<String> command, List<double[]> views) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
        String result = "";
        try (Load load = new Load();
                BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "RESULT" -> result = line;
                    case "VIEW" -> views.add(new double[] {Double.parseDouble(words[1]), Double.parseDouble(words[2])});
                    case "LOAD" -> load.begin(Integer.parseInt(words[1]), Long.parseLong(words[2]));
                    default -> {}
                }
            }
        }
        if (process.waitFor() != 0 || result.isEmpty()) {
            throw new IllegalStateException("no result of " + command);
        }
        return result;
    }

    /** Figures of which one run has none, as the mean view where all see all, are left out of it. */
    private static void collect(String result, Map<String, List<Double>> figures) {
        for (String figure : result.split(" ")) {
            int equals = figure.indexOf('=');
            if (equals > 0) {
                figures.computeIfAbsent(figure.substring(0, equals), key -> new ArrayList<>())
                        .add(Double.valueOf(figure.substring(equals + 1)));
            }
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
