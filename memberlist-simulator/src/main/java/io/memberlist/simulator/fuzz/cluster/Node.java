package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.scale.IoGate;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A node: one name, whose processes of the real engine follow each other, with the application that runs them. */
final class Node {
    private static final long JOIN_AGAIN_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long SOON_NANOS = Duration.ofSeconds(90).toNanos();
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);

    final int index;
    final String name;
    private final SimulatedCluster cluster;
    private final MemberView view;
    private int processes;
    private String process;
    private boolean up;
    private boolean left;
    private byte[] meta = new byte[0];
    private InetSocketAddress address;
    private InetSocketAddress formerAddress;
    private long callbackNanos;
    private @Nullable Memberlist member;
    private @Nullable VirtualEventLoop loop;
    private @Nullable IoGate gate;
    private boolean heard;
    private boolean blocked;
    /** The open streams, with the time from which their age counts, by the clock of the process. */
    private final Map<Object, Instant> streams = new IdentityHashMap<>();

    private int health;
    private double clockRate = 1;
    private @Nullable ClusterMessageHandlers messageHandlers;

    Node(SimulatedCluster cluster, int index) {
        this.cluster = cluster;
        this.index = index;
        this.name = "n" + index;
        this.process = name + "#0";
        this.view = new MemberView(cluster);
        this.address = SimulatedCluster.address(index, 0);
        this.formerAddress = address;
    }

    /** {@return whether it runs and has not left} */
    boolean takesPart() {
        return up && !left;
    }

    boolean up() {
        return up;
    }

    boolean left() {
        return left;
    }

    String process() {
        return process;
    }

    InetSocketAddress address() {
        return address;
    }

    /** {@return the address of the process before the last one that had another} */
    InetSocketAddress formerAddress() {
        return formerAddress;
    }

    byte[] meta() {
        return meta;
    }

    @Nullable
    Memberlist member() {
        return up ? member : null;
    }

    @Nullable
    VirtualEventLoop loop() {
        return up ? loop : null;
    }

    /** Blocks sends and receives from now on. {@return whether they were open before} */
    boolean block() {
        if (!up || gate == null || blocked) {
            return false;
        }
        blocked = true;
        gate.shut();
        return true;
    }

    /** Unblocks sends and receives. What waited passes, outside of the tasks of the loop. */
    void unblock() {
        if (up && gate != null && blocked) {
            blocked = false;
            cluster.observe(new Observation.Note(name + " is blocked no more"));
            gate.open();
            look(process);
            restartStreamAges(nowOf(process));
        }
    }

    private Instant nowOf(String mine) {
        VirtualEventLoop current = isCurrent(mine) ? loop : null;
        return current == null ? Instant.EPOCH : current.wallClock();
    }

    /** Records that a stream was opened or closed. */
    void stream(String mine, Object stream, boolean open) {
        if (!isCurrent(mine)) {
            return;
        }
        if (open) {
            streams.put(stream, nowOf(mine));
        } else {
            streams.remove(stream);
        }
    }

    /** {@return how long the oldest stream has been open while the process was not blocked} */
    Duration oldestStream() {
        return blocked || streams.isEmpty()
                ? Duration.ZERO
                : Duration.between(Collections.min(streams.values()), nowOf(process));
    }

    /** Lets all ages count from now, since the process could not act before. */
    private void restartStreamAges(Instant now) {
        streams.replaceAll((stream, since) -> now);
    }

    /** {@return the number of queued broadcasts} */
    int broadcasts() {
        Memberlist current = member();
        return current == null ? 0 : current.statistics().queuedBroadcasts();
    }

    /** Records that the process stood still until now, or begins to shut down. */
    void disturbed() {
        VirtualEventLoop current = loop();
        if (current != null) {
            cluster.observe(new Observation.Disturbed(process, current.wallClock()));
            restartStreamAges(current.wallClock());
        }
    }

    /** Lets the clock of the process run fast or slow from now on. What it promises holds by that clock. */
    void clockRate(double rate) {
        VirtualEventLoop current = loop();
        if (current != null) {
            clockRate = rate;
            current.clockRate(rate);
        }
    }

    /** {@return whether the process works normally: it was created, does not stand still, and its clock is right} */
    boolean works() {
        VirtualEventLoop current = loop();
        return member() != null && current != null && !current.paused() && !blocked && clockRate == 1;
    }

    /** {@return how many cluster messages were dropped because too many waited for the application} */
    long droppedMessages() {
        ClusterMessageHandlers current = messageHandlers;
        return current == null ? 0 : current.dropped();
    }

    /** {@return how many cluster messages are held back for their order} */
    int heldMessages() {
        Memberlist current = member();
        return current == null ? 0 : ClusterMessaging.of(current).statistics().held();
    }

    void callbacksTake(Duration time) {
        callbackNanos = time.toNanos();
    }

    /** Starts a process unless one runs. */
    void start(int host) {
        if (up) {
            return;
        }
        up = true;
        left = false;
        member = null;
        health = 0;
        blocked = false;
        clockRate = 1;
        messageHandlers = null;
        streams.clear();
        view.clear();
        processes++;
        process = name + "#" + processes;
        moveTo(SimulatedCluster.address(index, host));
        meta = new byte[] {(byte) index, (byte) processes};
        String mine = process;
        cluster.observe(new Observation.ProcessStarted(mine, name, address));
        AtomicReference<VirtualEventLoop> own = new AtomicReference<>();
        MemberlistConfig config = cluster.settings
                .builder()
                .nodeName(name)
                .network(n ->
                        n.bindAddress(address.getAddress().getHostAddress()).bindPort(address.getPort()))
                .meta(meta)
                .delegates(d -> d.event(event -> told(mine, event))
                        .message(message -> cluster.observe(new Observation.UserMessageReceived(mine, message)))
                        .state(new ApplicationState(cluster, mine)))
                .callbackExecutor(
                        task -> java.util.Objects.requireNonNull(own.get()).schedule(callbackNanos, task))
                .build();
        MemberlistConfig observed = config.toBuilder()
                .transportFactory(bind -> cluster.gates.open(bind).thenApply(transport -> {
                    loop = (VirtualEventLoop) transport.eventLoop();
                    own.set(loop);
                    loop.afterTask(() -> look(mine));
                    gate = cluster.gates.gate(transport.boundAddress());
                    return new ObservedTransport(
                            transport,
                            new PacketTap(cluster, mine, config, () -> heard(mine)),
                            (stream, open) -> stream(mine, stream, open));
                }))
                .build();
        RandomGenerator nonces = cluster.scenario.source("nonces " + mine);
        SimulatorAccess.createAsync(observed, nonces::nextBytes).whenComplete((created, failure) -> {
            if (failure != null) {
                cluster.observe(new Observation.UncaughtException(failure));
            } else if (isCurrent(mine)) {
                member = created;
                if (cluster.scenario.faults().contains(Fault.CLUSTER_MESSAGES)) {
                    messageHandlers = new ClusterMessageHandlers(
                            cluster,
                            mine,
                            ClusterMessaging.of(created),
                            java.util.Objects.requireNonNull(own.get()),
                            () -> isCurrent(mine));
                }
                look(mine);
                join(mine);
            }
        });
    }

    private void moveTo(InetSocketAddress newAddress) {
        if (!newAddress.equals(address)) {
            formerAddress = address;
            address = newAddress;
        }
    }

    private boolean isCurrent(String one) {
        return up && process.equals(one);
    }

    /** Crashes the process. */
    void crash() {
        if (up) {
            up = false;
            cluster.observe(new Observation.ProcessStopped(process));
            cluster.network.crash(address);
        }
    }

    /** Replaces the process, or starts one. */
    void startAgain() {
        crash();
        start(0);
    }

    /** {@return whether it is at another address than at first} */
    boolean hasMoved() {
        return !address.equals(SimulatedCluster.address(index, 0));
    }

    /** Lets the application join once more, unless it has left. */
    void joinAgain() {
        join(process);
    }

    /** Leaves, and runs the action when the others were notified. */
    void leave(Runnable after) {
        Memberlist current = member();
        String mine = process;
        if (current == null || left) {
            return;
        }
        left = true;
        cluster.observe(new Observation.Leaving(mine, true));
        current.leave(LEAVE_TIMEOUT).whenComplete((done, failure) -> {
            if (isCurrent(mine)) {
                after.run();
            }
        });
    }

    /** Shuts the process down in order. Soon afterwards none of its timers may remain. */
    void shutDown() {
        Memberlist current = member();
        VirtualEventLoop mineToEnd = loop();
        if (current != null && mineToEnd != null) {
            String mine = process;
            disturbed();
            current.shutdown().whenComplete((done, failure) -> {
                if (isCurrent(mine)) {
                    up = false;
                    cluster.observe(new Observation.ProcessStopped(mine));
                    cluster.time.schedule(SOON_NANOS, () -> {
                        cluster.observe(new Observation.TimersLeft(mine, mineToEnd.pendingTimers()));
                    });
                }
            });
        }
    }

    /** Joins again after having left. */
    void comeBack() {
        if (member() != null && left) {
            left = false;
            cluster.observe(new Observation.Leaving(process, false));
            join(process);
        }
    }

    /**
     * Joins as an application does: once, through seeds of which some may not be up yet. The engine asks them again for as
     * long as it lives, or the application does so until it has found them.
     */
    private void join(String mine) {
        Memberlist current = member;
        if (!isCurrent(mine) || left || current == null) {
            return;
        }
        if (cluster.settings.engineAsksSeedsAgain) {
            current.join(cluster.seeds());
        } else {
            joinUntilAllAreReached(mine, current);
        }
    }

    /** Joins until a node was reached, and every running seed was reached once, as an application of the Go library does. */
    private void joinUntilAllAreReached(String mine, Memberlist current) {
        Set<String> wanted = cluster.addressesOfSeeds(this);
        if (wanted.isEmpty()) {
            // There is no other node yet: come back if the node had left, and look for others later.
            current.join(List.of());
            cluster.time.schedule(JOIN_AGAIN_NANOS, () -> join(mine));
            return;
        }
        current.join(List.copyOf(new TreeSet<>(wanted))).whenComplete((result, failure) -> {
            Set<String> reached = result == null ? Set.of() : Set.copyOf(result.reached());
            Set<String> missing = new HashSet<>(wanted);
            missing.retainAll(cluster.runningBut(this));
            missing.removeAll(reached);
            if (reached.isEmpty() || !missing.isEmpty()) {
                cluster.time.schedule(JOIN_AGAIN_NANOS, () -> join(mine));
            }
        });
    }

    void updateMeta(byte[] newMeta) {
        Memberlist current = member();
        if (current != null && !left) {
            meta = newMeta;
            current.updateMeta(newMeta, LEAVE_TIMEOUT);
        }
    }

    /** {@return the members that the process knows now} */
    Map<String, Member> view() {
        return view.members();
    }

    /** Its health is looked at after each task of the loop, so that the event of it tells nothing new. */
    private void told(String observer, MemberEvent event) {
        boolean membership = !(event instanceof MemberEvent.LocalHealthChanged
                || event instanceof MemberEvent.LocalDeclaredDead
                || event instanceof MemberEvent.ReachabilityChanged);
        if (membership) {
            cluster.observe(new Observation.EventDelivered(observer, event));
        }
    }

    private void heard(String mine) {
        heard = true;
        look(mine);
    }

    private void look(String mine) {
        Memberlist current = member;
        if (current == null || !isCurrent(mine)) {
            return;
        }
        if (current.healthScore() != health) {
            health = current.healthScore();
            cluster.observe(new Observation.HealthChanged(mine, health));
        }
        boolean changed = view.update(current, mine);
        if (changed || heard) {
            heard = false;
            cluster.observe(new Observation.PacketHandled(mine));
        }
    }
}
