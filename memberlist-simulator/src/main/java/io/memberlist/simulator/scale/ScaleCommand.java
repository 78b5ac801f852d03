package io.memberlist.simulator.scale;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The common part of the commands that measure dissemination in large clusters. */
abstract class ScaleCommand implements Callable<Integer> {
    private static final Duration QUIET = Duration.ofSeconds(10);

    @Mixin
    private ScaleOptions options = new ScaleOptions();

    @Spec
    private @Nullable CommandSpec spec;

    private final Cost cost = new Cost();

    /** The log of thousands of members would take longer than the protocol itself. */
    static void silenceTheEngine() {
        ((Logger) LoggerFactory.getLogger("io.memberlist")).setLevel(Level.OFF);
    }

    ScaleOptions options() {
        return options;
    }

    @Override
    public final Integer call() throws Exception {
        silenceTheEngine();
        CommandSpec mine = java.util.Objects.requireNonNull(spec);
        PrintWriter progress = mine.commandLine().getErr();
        options.check();
        check();
        say(progress, "starting " + options.nodes() + " members ...");
        LargeCluster cluster = new LargeCluster(options);
        cost.broughtUp();
        say(progress, "measuring the idle cluster ...");
        LargeCluster.Traffic atFirst = cluster.traffic();
        cluster.run(QUIET);
        LargeCluster.Traffic afterQuiet = cluster.traffic();
        List<Dissemination> spreads = measure(cluster, progress);
        LargeCluster.Traffic atLast = cluster.traffic();
        new DisseminationReport(
                        title(),
                        options,
                        spreads,
                        afterQuiet.since(atFirst, cluster.size()),
                        atLast.since(afterQuiet, cluster.size()),
                        cluster.observers().falseFailures(),
                        cost)
                .print(mine.commandLine().getOut());
        return 0;
    }

    /** Prints progress, with the seconds since the beginning. */
    final void say(PrintWriter progress, String what) {
        progress.println(Output.number(cost.seconds(), 0) + " s: " + what);
        progress.flush();
    }

    /** Refuses options that are impossible, before anything takes time. */
    void check() {}

    private String title() {
        return options.nodes() + " nodes, " + Output.percent(options.loss()) + " loss, "
                + options.latency().toNanos() / 1e6 + " ms latency, " + options.source();
    }

    /** Causes events, and measures their dissemination. */
    abstract List<Dissemination> measure(LargeCluster cluster, PrintWriter progress);
}
