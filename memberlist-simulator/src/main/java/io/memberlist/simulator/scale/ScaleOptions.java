package io.memberlist.simulator.scale;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberlistException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of the simulated cluster and network. */
final class ScaleOptions {
    private static final int MAX_NODES = 20_000;
    /** The bytes that one member needs for another, as measured; all members know each other. */
    private static final int BYTES_A_RECORD = 140;

    private static final double GIBIBYTE = 1L << 30;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            defaultValue = "1000",
            description = "Members of the cluster, 3 to 20000 (default: ${DEFAULT-VALUE}).")
    int nodes;

    @Option(
            names = "--loss",
            defaultValue = "0",
            description = "Share of packets that get lost, 0 to 1; streams lose nothing (default: ${DEFAULT-VALUE}).")
    double loss;

    @Option(
            names = "--latency",
            defaultValue = "1ms",
            converter = Durations.class,
            description = "Time a packet is under way, at least (default: ${DEFAULT-VALUE}).")
    Duration latency = Duration.ZERO;

    @Option(
            names = "--jitter",
            defaultValue = "1ms",
            converter = Durations.class,
            description = "Up to so much is added to the latency, at random (default: ${DEFAULT-VALUE}).")
    Duration jitter = Duration.ZERO;

    @Option(
            names = "--profile",
            defaultValue = "lan",
            description = "Preset of the settings: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Profile profile = Profile.lan;

    @Option(names = "--config", description = "Take the settings below memberlist: in this application.yml.")
    private @Nullable Path config;

    @Option(names = "--seed", defaultValue = "1", description = "The same seed gives the same run (default: 1).")
    long seed;

    @Option(
            names = "--patience",
            defaultValue = "5m",
            converter = Durations.class,
            description = "Virtual time to wait for the last node (default: ${DEFAULT-VALUE}).")
    Duration patience = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON in place of tables.")
    boolean json;

    @Option(names = "--svg", description = "Write a plot to this file.")
    @Nullable
    Path svg;

    /**
     * Refuses options that cannot be simulated, or whose results cannot be written.
     *
     * @throws ParameterException which says what, why, and the remedy
     */
    void check() {
        if (nodes < 3 || nodes > MAX_NODES) {
            throw refused("--nodes " + nodes + " is outside of 3 to " + MAX_NODES);
        }
        if (!(loss >= 0 && loss < 1)) {
            throw refused("--loss " + loss + " is outside of 0 to 1: write 0.05 for 5 %");
        }
        checkMemory();
        settings();
        for (Duration duration : new Duration[] {latency, jitter, patience}) {
            if (duration.isNegative()) {
                throw refused("the duration " + duration + " is negative: write 0 or more, as 1ms");
            }
        }
        if (svg != null) {
            Path folder = svg.toAbsolutePath().getParent();
            if (Files.isDirectory(svg) || folder == null || !Files.isWritable(folder)) {
                throw refused("cannot write " + svg + ": --svg takes the path of a file in a folder that exists");
            }
        }
    }

    private void checkMemory() {
        double needed = (double) nodes * nodes * BYTES_A_RECORD / GIBIBYTE;
        double heap = Runtime.getRuntime().maxMemory() / GIBIBYTE;
        if (needed > heap) {
            throw refused(
                    "--nodes " + nodes + " take some " + Output.number(needed, 1) + " GiB of heap, and this JVM has "
                            + Output.number(heap, 1) + ": run java -Xmx" + (int) Math.ceil(needed * 1.2 + 1)
                            + "g -jar ..., or fewer nodes");
        }
    }

    /** {@return the source of the settings} */
    String source() {
        return config == null ? profile.name() : config.toString();
    }

    /** {@return the settings of every member} */
    MemberlistConfig settings() {
        try {
            MemberlistConfigBuilder builder = config == null ? profile.preset() : SpringConfig.read(config, profile);
            return builder.build();
        } catch (IllegalArgumentException | MemberlistException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
