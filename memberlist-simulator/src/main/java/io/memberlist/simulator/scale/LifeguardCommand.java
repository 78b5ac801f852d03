package io.memberlist.simulator.scale;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Repeats the experiments of the Lifeguard paper, with the configurations of its Table IV. */
@Command(
        name = "lifeguard",
        description =
                "The two experiments of the Lifeguard paper (arXiv 1707.00788) beside its figures: how often healthy"
                        + " members are taken for failed where some are slow, and how fast the slow are noticed.",
        mixinStandardHelpOptions = true)
public final class LifeguardCommand implements Callable<Integer> {
    private static final int MIN_NODES = 3;
    /** Each member has its own address in one small network. */
    private static final int MAX_NODES = 254;

    @Option(
            names = "--quick",
            description = "16 and 3 of the paper's 360 and 45 cells, those where anomalies last long enough to matter.")
    private boolean quick;

    @Option(
            names = "--nodes",
            defaultValue = "128",
            description = "Members, 3 to 254 (default: ${DEFAULT-VALUE}, as in the paper).")
    private int nodes;

    @Option(names = "--repeats", defaultValue = "1", description = "Runs of each cell; the paper has 10 (default: 1).")
    private int repeats;

    @Option(
            names = "--anomaly",
            defaultValue = "io",
            description = "What stands still: io, or the whole process (default: ${DEFAULT-VALUE}).")
    private Anomaly anomaly = Anomaly.io;

    @Option(names = "--only", split = ",", description = "Only these configurations: ${COMPLETION-CANDIDATES}.")
    private @Nullable Set<Variant> only;

    @Option(names = "--seed", defaultValue = "1", description = "The same seed gives the same figures (default: 1).")
    private long seed;

    @Option(names = "--threads", defaultValue = "0", description = "Cells run at once (default: one a processor).")
    private int threads;

    @Option(names = "--json", description = "Print JSON in place of a table.")
    private boolean json;

    @Option(
            names = "--cells",
            split = ",",
            description = "Only these cells, as C/D/I with D and I in ms; I is 0 for a single anomaly.")
    private @Nullable List<String> chosen;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Output.silenceTheEngine();
        check();
        List<Cell> cells = cells();
        LifeguardReport report = run(cells, spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("nodes", nodes);
            map.put("cells", cells.size());
            map.put("quick", quick);
            map.put("anomaly", anomaly.name());
            map.put("seed", seed);
            map.put("configurations", report.asMap());
            map.put("runs", report.runs());
            out.println(Output.json(map));
        } else {
            out.println(nodes + " members, " + cells.size() + " cells" + (quick ? " (quick)" : "") + ", anomaly: "
                    + anomaly + "; beside each figure the paper's; % of SWIM");
            out.print(report.text());
        }
        out.flush();
        return 0;
    }

    private void check() {
        if (nodes < MIN_NODES || nodes > MAX_NODES) {
            throw refused("--nodes " + nodes + " is outside of " + MIN_NODES + " to " + MAX_NODES);
        }
        if (repeats < 1) {
            throw refused("--repeats " + repeats + " is below 1");
        }
        if (threads < 0) {
            throw refused("--threads " + threads + " is negative: write 0 for one a processor");
        }
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        if (chosen == null) {
            cells.addAll(Cell.interval(quick, repeats));
            cells.addAll(Cell.threshold(quick, repeats));
        } else {
            try {
                chosen.forEach(text -> cells.addAll(Cell.parse(text).repeated(repeats)));
            } catch (IllegalArgumentException e) {
                throw refused(String.valueOf(e.getMessage()));
            }
        }
        for (Cell cell : cells) {
            if (cell.anomalous() >= nodes) {
                throw refused("cell " + cell.text() + " has " + cell.anomalous() + " anomalous members of " + nodes
                        + ": one at least must be healthy");
            }
        }
        return cells;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private LifeguardReport run(List<Cell> cells, PrintWriter progress)
            throws InterruptedException, ExecutionException {
        Set<Variant> variants = only == null ? EnumSet.allOf(Variant.class) : EnumSet.copyOf(only);
        LifeguardReport report = new LifeguardReport(variants);
        ExecutorService pool = Executors.newFixedThreadPool(
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        try {
            List<Future<AnomalyRun.Result>> results = new ArrayList<>();
            for (Cell cell : cells) {
                for (Variant variant : variants) {
                    results.add(pool.submit(() -> AnomalyRun.run(variant, cell, nodes, anomaly, cell.seed(seed))));
                }
            }
            int done = 0;
            long startNanos = System.nanoTime();
            for (Cell cell : cells) {
                for (Variant variant : variants) {
                    AnomalyRun.Result result = results.get(done++).get();
                    report.add(variant, cell, result);
                    progress.println(progress(variant, cell, result, done, results.size(), startNanos));
                    progress.flush();
                }
            }
        } finally {
            pool.shutdownNow();
        }
        return report;
    }

    private static String progress(
            Variant variant, Cell cell, AnomalyRun.Result result, int done, int all, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        String outcome = cell.isInterval()
                ? "FP " + result.falsePositives() + ", FP- " + result.atHealthy()
                : result.fullDetections().size() + " detected by all";
        return done + " of " + all + ": " + cell.text() + " " + variant.title + ": " + outcome + "; some "
                + Math.round(seconds / done * (all - done)) + " s left";
    }
}
