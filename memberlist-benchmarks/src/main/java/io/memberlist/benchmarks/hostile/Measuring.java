package io.memberlist.benchmarks.hostile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs a scene against one side. */
final class Measuring {
    private static final double RECOVERY_SECONDS = 60;
    private static final long POLL_MILLIS = 250;
    /** A scene that stands for a message rather than for a load is over sooner; what it caused may come later. */
    private static final long AFTERMATH_MILLIS = 1000;

    private final Scene scene;
    private final VictimCluster cluster;
    private long stallNanos;
    private long workNanos = -1;
    private long peakHeapBytes;

    private Measuring(Scene scene, VictimCluster cluster) {
        this.scene = scene;
        this.cluster = cluster;
    }

    /**
     * {@return what the scene did}
     *
     * @param seconds how long the attack lasts, unless the scene lasts shorter
     * @param logs the directory for the logs of the members
     */
    static Result measure(Scene scene, Side side, double seconds, String goProgram, Path logs) throws Exception {
        try (VictimCluster cluster = new VictimCluster(side, scene.setting(), goProgram, logs);
                SceneRun run = new SceneRun(cluster, Math.min(seconds, scene.maxSeconds()));
                IdleTimer idle = new IdleTimer()) {
            return new Measuring(scene, cluster).measure(run, idle);
        }
    }

    private Result measure(SceneRun run, IdleTimer idle) throws Exception {
        long logBefore = cluster.logBytes();
        long dropsBefore = SocketDrops.of(run.victim());
        long began = System.nanoTime();
        scene.attack().run(run);
        double took = (System.nanoTime() - began) / 1e9;
        long packets = run.packetsSent();
        long lost = SocketDrops.of(run.victim()) - dropsBefore;
        run.close();
        double recovery = recovery(run);
        long handled = packets > 0 ? Math.max(0, packets - lost) : run.done();
        return new Result(
                scene,
                cluster.side(),
                handled / took,
                stallNanos / 1e6,
                workNanos < 0 ? Double.NaN : workNanos / 1e6,
                idle.worstMillis(),
                run.falseFailures(),
                cluster.logBytes() - logBefore,
                peakHeapBytes,
                recovery,
                survivors() ? cluster.keptRecords() : 0,
                run.bytesSent() == 0 ? 0 : (double) run.bytesReceived() / run.bytesSent(),
                run.notes());
    }

    /** {@return how many seconds it takes until all is as before} */
    private double recovery(SceneRun run) throws IOException, InterruptedException {
        long began = System.nanoTime();
        double waited = 0;
        Thread.sleep(survivors() ? 0 : AFTERMATH_MILLIS);
        List<String> remains = List.of("nothing was asked yet");
        while (waited < RECOVERY_SECONDS && survivors()) {
            takeStalls();
            waited = (System.nanoTime() - began) / 1e9;
            remains = cluster.remains();
            if (remains.isEmpty()) {
                break;
            }
            Thread.sleep(POLL_MILLIS);
        }
        if (survivors() && remains.isEmpty()) {
            // What the attack began may go on, as suspicions do.
            Thread.sleep(Math.max(0, AFTERMATH_MILLIS - (long) (waited * 1000)));
            takeStalls();
            return waited;
        }
        cluster.members().stream()
                .filter(member -> !member.isRunning())
                .forEach(member -> run.note("**%s has ended**", member.name()));
        remains.stream().findFirst().ifPresent(remain -> run.note("**%s**", remain));
        return Double.POSITIVE_INFINITY;
    }

    private boolean survivors() {
        return cluster.members().stream().allMatch(Victim::isRunning);
    }

    /** Takes what members measured, before the collections that come with the question for what remains stall them. */
    private void takeStalls() throws IOException, InterruptedException {
        for (Victim member : cluster.members()) {
            Victim.Status status = member.status(false);
            stallNanos = Math.max(stallNanos, status.stallNanos());
            workNanos = Math.max(workNanos, status.workNanos());
            peakHeapBytes = Math.max(peakHeapBytes, status.peakHeapBytes());
        }
    }
}
