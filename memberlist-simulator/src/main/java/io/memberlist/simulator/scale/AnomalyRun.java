package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Runs one cell of an experiment with one configuration. */
final class AnomalyRun {
    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final Duration LENGTH = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final BlockableNetwork network;
    private final List<Memberlist> members = new ArrayList<>();
    private final Cell cell;
    private final Map<Integer, Dissemination> detections = new TreeMap<>();
    private long startNanos = Long.MAX_VALUE;
    private int falsePositives;
    private int atHealthy;

    /** The result of a run. Detections are in seconds, one for each anomalous member that was detected. */
    record Result(
            int falsePositives,
            int atHealthy,
            long packets,
            long bytes,
            List<Double> firstDetections,
            List<Double> fullDetections) {}

    private AnomalyRun(Variant variant, Cell cell, int nodes, Anomaly anomaly, long seed) {
        this.cell = cell;
        VirtualNetwork loopback = new VirtualNetwork(time, seed);
        loopback.delay(Duration.ofNanos(50_000), Duration.ofNanos(200_000));
        network = new BlockableNetwork(loopback, anomaly);
        List<CompletableFuture<Memberlist>> starting = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            int observer = i;
            String address = "10.0.0." + (i + 1);
            MemberlistConfig config = variant.settings()
                    .nodeName("node-" + i)
                    .network(network -> network.bindAddress(address))
                    .delegates(d -> d.event(event -> {
                        if (event instanceof MemberEvent.Failed) {
                            failed(observer, event.member());
                        }
                    }))
                    .transportFactory(network)
                    .build();
            starting.add(SimulatorAccess.createAsync(config, variant.switches));
        }
        starting.forEach(start -> {
            time.runUntil("a member starts", LENGTH, start::isDone);
            members.add(start.join());
        });
        SimulatorAccess.preload(members);
    }

    static Result run(Variant variant, Cell cell, int nodes, Anomaly anomaly, long seed) {
        AnomalyRun run = new AnomalyRun(variant, cell, nodes, anomaly, seed);
        run.time.run(SETTLE);
        run.startNanos = run.time.nanos();
        if (cell.isInterval()) {
            run.interval();
        } else {
            run.threshold();
        }
        return run.result();
    }

    private boolean isAnomalous(int index) {
        return index < cell.anomalous();
    }

    private void failed(int observer, Member member) {
        int subject = Integer.parseInt(member.name().substring("node-".length()));
        if (!isAnomalous(subject)) {
            falsePositives++;
            if (!isAnomalous(observer)) {
                atHealthy++;
            }
        } else if (!isAnomalous(observer)) {
            int healthy = members.size() - cell.anomalous();
            detections
                    .computeIfAbsent(
                            subject, any -> new Dissemination(member.name(), startNanos, members.size(), healthy))
                    .heardBy(observer, time.nanos());
        }
    }

    private void interval() {
        long end = startNanos + LENGTH.toNanos();
        while (time.nanos() < end) {
            blockOnce();
            time.run(Duration.ofMillis(cell.normalMillis()));
        }
    }

    private void threshold() {
        long end = startNanos + LENGTH.toNanos();
        blockOnce();
        while (time.nanos() < end && !allSeeAllAlive()) {
            time.run(LOOK);
        }
    }

    private void blockOnce() {
        gates().forEach(IoGate::shut);
        time.run(Duration.ofMillis(cell.blockedMillis()));
        gates().forEach(IoGate::open);
    }

    private List<IoGate> gates() {
        return members.stream()
                .limit(cell.anomalous())
                .map(member -> network.gate(member.localMember().address()))
                .toList();
    }

    private boolean allSeeAllAlive() {
        for (Memberlist member : members) {
            List<Member> live = member.members();
            if (live.size() < members.size() || live.stream().anyMatch(other -> other.state() != MemberState.ALIVE)) {
                return false;
            }
        }
        return true;
    }

    private Result result() {
        if (!time.failures().isEmpty()) {
            throw new IllegalStateException(
                    "the engine failed in " + cell, time.failures().get(0));
        }
        long packets = 0;
        long bytes = 0;
        for (Memberlist member : members) {
            MemberlistStatistics counted = member.statistics();
            packets += counted.packetsSent();
            bytes += counted.bytesSent() + counted.streamBytesSent();
        }
        List<Double> first = new ArrayList<>();
        List<Double> full = new ArrayList<>();
        for (Dissemination heard : detections.values()) {
            first.add(Objects.requireNonNull(heard.first()));
            Double all = heard.until(1);
            if (all != null) {
                full.add(all);
            }
        }
        return new Result(falsePositives, atHealthy, packets, bytes, first, full);
    }
}
