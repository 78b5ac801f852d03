package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster of any size in virtual time, whose members know each other from the beginning: joining a large cluster is
 * not measured here, and would take longer than everything else.
 */
final class LargeCluster {
    private static final String NAME = "node-";
    private static final int PORT = 7946;
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network;
    final DisseminationObservers observers = new DisseminationObservers(time);
    private final MemberlistConfig settings;
    private final List<Memberlist> members = new ArrayList<>();
    private final Map<Memberlist, DisseminationObservers.MemberDelegate> delegateOf = new IdentityHashMap<>();

    LargeCluster(ScaleOptions options) {
        settings = options.settings();
        network = new VirtualNetwork(time, options.seed);
        network.delay(options.latency, options.latency.plus(options.jitter));
        network.loss(options.loss);
        List<CompletableFuture<Memberlist>> starting = new ArrayList<>();
        for (int i = 0; i < options.nodes; i++) {
            starting.add(create());
        }
        starting.forEach(this::await);
        SimulatorAccess.preload(members);
    }

    private CompletableFuture<Memberlist> create() {
        int index = nextIndex++;
        DisseminationObservers.MemberDelegate delegate = observers.delegate(index);
        MemberlistConfig config = settings.toBuilder()
                .nodeName(NAME + index)
                .network(
                        n -> n.bindAddress("10." + (index >> 16 & 255) + "." + (index >> 8 & 255) + "." + (index & 255))
                                .bindPort(PORT))
                .delegates(d -> d.event(delegate).message(delegate))
                .transportFactory(network)
                .extension(ClusterMessaging.create().extension())
                .build();
        return Memberlist.createAsync(config).thenApply(member -> {
            members.add(member);
            delegateOf.put(member, delegate);
            delegate.passOn(member);
            return member;
        });
    }

    private int nextIndex = 1;

    Memberlist member(int index) {
        return members.get(index);
    }

    int size() {
        return members.size();
    }

    /** {@return the number of a member as an observer} */
    int observerOf(Memberlist member) {
        return Integer.parseInt(member.localMember().name().substring(NAME.length()));
    }

    /** Subscribes every member to the cluster messages of a topic. */
    void subscribeAll(String topic) {
        for (Memberlist member : members) {
            DisseminationObservers.MemberDelegate delegate = Objects.requireNonNull(delegateOf.get(member));
            ClusterMessaging.of(member).subscribe(topic, message -> delegate.clusterMessage(message.payloadText()));
        }
    }

    /** Starts one more member, which knows no other yet. */
    Memberlist newcomer() {
        return await(create());
    }

    /** {@return a dissemination that begins now, watched for one member or message} */
    Dissemination watch(DisseminationObservers.Kind kind, String what, String name, int expected) {
        Dissemination spread = new Dissemination(what, time.nanos(), nextIndex + 1, expected);
        observers.watch(kind, name, spread);
        return spread;
    }

    /** Crashes the process of a member. */
    void crash(Memberlist member) {
        network.crash(member.localMember().address());
    }

    /** Shuts down a member that has left. */
    void end(Memberlist member) {
        await(member.shutdown());
        members.remove(member);
    }

    void run(Duration duration) {
        time.run(duration);
    }

    /** Runs until all disseminations are complete, or the time is over. */
    void runUntilComplete(List<Dissemination> spreads, Duration patience) {
        long end = time.nanos() + patience.toNanos();
        while (time.nanos() < end && !spreads.stream().allMatch(Dissemination::complete)) {
            time.run(STEP);
        }
    }

    private <T> T await(CompletableFuture<T> future) {
        time.runUntil("a member starts", PATIENCE, future::isDone);
        return future.join();
    }

    /** {@return the traffic that all members together have sent so far} */
    Traffic traffic() {
        long packets = 0;
        long packetBytes = 0;
        long streamBytes = 0;
        for (Memberlist member : members) {
            MemberlistStatistics counted = member.statistics();
            packets += counted.packetsSent();
            packetBytes += counted.bytesSent();
            streamBytes += counted.streamBytesSent();
        }
        return new Traffic(time.nanos(), packets, packetBytes, streamBytes);
    }

    /** The traffic sent until a moment. */
    record Traffic(long atNanos, long packets, long packetBytes, long streamBytes) {
        /** {@return the traffic per node and second since an earlier moment} */
        Rate since(Traffic earlier, int nodes) {
            double nodeSeconds = (atNanos - earlier.atNanos) / 1e9 * nodes;
            return new Rate(
                    (packets - earlier.packets) / nodeSeconds,
                    (packetBytes - earlier.packetBytes) / nodeSeconds,
                    (streamBytes - earlier.streamBytes) / nodeSeconds);
        }
    }

    /** The traffic of one node per second. */
    record Rate(
            double packetsPerNodeAndSecond, double packetBytesPerNodeAndSecond, double streamBytesPerNodeAndSecond) {}
}
