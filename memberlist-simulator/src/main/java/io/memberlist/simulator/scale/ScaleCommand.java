package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.simulator.scale.DisseminationObservers.Kind;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The common part of the commands that measure dissemination in large clusters. */
@SuppressWarnings("NullAway.Init")
abstract class ScaleCommand implements Callable<Integer> {
    private static final Duration QUIET = Duration.ofSeconds(10);
    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration GOSSIP = Duration.ofSeconds(10);
    private static final double MEBIBYTE = 1 << 20;

    @Mixin
    final ScaleOptions options = new ScaleOptions();

    @Spec
    private CommandSpec spec;

    private final long startNanos = System.nanoTime();
    LargeCluster cluster;

    @Override
    public final Integer call() throws Exception {
        Output.silenceTheEngine();
        options.check();
        check();
        say("starting " + options.nodes + " members ...");
        cluster = new LargeCluster(options);
        double bringUpSeconds = seconds();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        double heapMiB = (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE;
        say("measuring the idle cluster ...");
        LargeCluster.Traffic atFirst = cluster.traffic();
        cluster.run(QUIET);
        LargeCluster.Traffic afterQuiet = cluster.traffic();
        List<Dissemination> spreads = measure();
        LargeCluster.Traffic atLast = cluster.traffic();
        new DisseminationReport(
                        options,
                        spreads,
                        afterQuiet.since(atFirst, cluster.size()),
                        atLast.since(afterQuiet, cluster.size()),
                        cluster.observers.falseFailures(),
                        new DisseminationReport.Cost(bringUpSeconds, seconds(), heapMiB))
                .print(spec.commandLine().getOut());
        return 0;
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Prints progress, with the seconds since the beginning. */
    final void say(String what) {
        PrintWriter progress = spec.commandLine().getErr();
        progress.println(Output.number(seconds(), 0) + " s: " + what);
        progress.flush();
    }

    /** Causes one event, and waits until all members know of it. */
    final Dissemination follow(Dissemination spread, Duration patience, Runnable action) {
        say(spread.what() + " ...");
        action.run();
        cluster.runUntilComplete(List.of(spread), patience);
        cluster.run(PAUSE);
        return spread;
    }

    /** Gossips a message. Its sender is not notified of it, but knows it. */
    final Dissemination gossip(Memberlist sender, String what, String message, int expected) {
        Dissemination spread = cluster.watch(Kind.BROADCAST, what, message, expected);
        spread.heardBy(cluster.observerOf(sender), cluster.time.nanos());
        // No member repeats a gossiped message, so a longer wait would not help.
        return follow(spread, GOSSIP, () -> sender.gossip(message.getBytes(StandardCharsets.UTF_8)));
    }

    /** Refuses options that are impossible, before anything takes time. */
    void check() {}

    /** Causes events, and measures their dissemination. */
    abstract List<Dissemination> measure();
}
