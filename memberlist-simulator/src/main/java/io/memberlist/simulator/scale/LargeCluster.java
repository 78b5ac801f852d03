package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
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
 * A cluster of any size in virtual time, in which everybody knows everybody from the beginning: how a large cluster came
 * together is not asked here, and would take longer than all that is.
 */
final class LargeCluster {
    private static final String NAME = "node-";
    private static final int PORT = 7946;
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network;
    private final DisseminationObservers observers = new DisseminationObservers(time);
    private final MemberlistConfig settings;
    private final List<Memberlist> members = new ArrayList<>();
    private final Map<Memberlist, DisseminationObservers.MemberDelegate> delegateOf = new IdentityHashMap<>();

    LargeCluster(ScaleOptions options) {
        settings = options.settings();
        network = new VirtualNetwork(time, options.seed());
        network.delay(options.latency(), options.latency().plus(options.jitter()));
        network.loss(options.loss());
        List<CompletableFuture<Memberlist>> starting = new ArrayList<>();
        for (int i = 0; i < options.nodes(); i++) {
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
                .build();
        return Memberlist.createAsync(config).thenApply(member -> {
            members.add(member);
            delegateOf.put(member, delegate);
            delegate.passOn(member);
            return member;
        });
    }

    private int nextIndex = 1;

    VirtualTime time() {
        return time;
    }

    DisseminationObservers observers() {
        return observers;
    }

    Memberlist member(int index) {
        return members.get(index);
    }

    int size() {
        return members.size();
    }

    /** {@return the number a member observes under} */
    int observerOf(Memberlist member) {
        return Integer.parseInt(member.localMember().name().substring(NAME.length()));
    }

    /** Has every member hear the cluster messages of a topic. */
    void subscribeAll(String topic) {
        for (Memberlist member : members) {
            DisseminationObservers.MemberDelegate delegate = Objects.requireNonNull(delegateOf.get(member));
            member.messaging().subscribe(topic, message -> delegate.clusterMessage(message.payloadText()));
        }
    }

    /** Starts one more member, which knows nobody yet. */
    Memberlist newcomer() {
        return await(create());
    }

    /** {@return a spread that begins now, watched for one member or broadcast} */
    Dissemination watch(DisseminationObservers.Kind kind, String what, String name, int expected) {
        Dissemination spread = new Dissemination(what, time.nanos(), nextIndex + 1, expected);
        observers.watch(kind, name, spread);
        return spread;
    }

    /** The process of a member dies without a word. */
    void crash(Memberlist member) {
        network.crash(member.localMember().address());
    }

    /** A member that has left ends. */
    void end(Memberlist member) {
        await(member.shutdown());
        members.remove(member);
    }

    void run(Duration duration) {
        time.run(duration);
    }

    /** Lets time pass until all of it is heard by everybody, or patience ends. */
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

    /** {@return what all members together have sent so far} */
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

    /** What was sent until a moment. */
    record Traffic(long atNanos, long packets, long packetBytes, long streamBytes) {
        /** {@return what each of so many nodes sent in a second since an earlier moment} */
        Rate since(Traffic earlier, int nodes) {
            double nodeSeconds = (atNanos - earlier.atNanos) / 1e9 * nodes;
            return new Rate(
                    (packets - earlier.packets) / nodeSeconds,
                    (packetBytes - earlier.packetBytes) / nodeSeconds,
                    (streamBytes - earlier.streamBytes) / nodeSeconds);
        }
    }

    /** What one node sends in a second. */
    record Rate(double packets, double packetBytes, double streamBytes) {}
}
