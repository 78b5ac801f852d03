package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.scale.Anomaly;
import io.memberlist.simulator.scale.BlockableNetwork;
import io.memberlist.simulator.scale.IoGate;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One process of the real engine: its start and end, what faults do to it, and what is observed of it. */
final class NodeProcess {
    private static final long SOON_NANOS = Duration.ofSeconds(90).toNanos();
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final SimulatedCluster cluster;
    private final Node node;
    private final String id;
    private final MemberView view;
    private final Application application;
    /** The open streams, with the time from which their age counts, by the clock of the process. */
    private final Map<Object, Instant> streams = new IdentityHashMap<>();

    private @Nullable Memberlist member;
    private @Nullable VirtualEventLoop loop;
    private @Nullable IoGate gate;
    private @Nullable ClusterMessageHandlers messageHandlers;
    private boolean running;
    private boolean shuttingDown;
    private boolean blocked;
    private boolean heard;
    private int health;
    private Set<String> degraded = Set.of();
    private double clockRate = 1;

    /** @param id the name and a number, as {@code n3#2} */
    NodeProcess(SimulatedCluster cluster, Node node, String id) {
        this.cluster = cluster;
        this.node = node;
        this.id = id;
        this.view = new MemberView(cluster);
        this.application = new Application(cluster, node, this);
    }

    String id() {
        return id;
    }

    boolean runs() {
        return running;
    }

    Application application() {
        return application;
    }

    /** {@return the member; null before it was created, and after the end} */
    @Nullable
    Memberlist member() {
        return running ? member : null;
    }

    @Nullable
    VirtualEventLoop loop() {
        return running ? loop : null;
    }

    /** {@return the members that the process knows, or knew at its end} */
    MemberView view() {
        return view;
    }

    void start(byte[] meta) {
        running = true;
        application.meta(meta);
        cluster.observe(new Observation.ProcessStarted(id, node.name, node.address()));
        MemberlistConfig config = config(meta);
        BlockableNetwork host =
                new BlockableNetwork(cluster.network.host(node.address().getAddress()), Anomaly.io);
        RandomGenerator nonces = cluster.scenario.source("nonces " + id);
        SimulatorAccess.createAsync(
                        config.toBuilder()
                                .transportFactory(observed(host, config))
                                .build(),
                        nonces::nextBytes)
                .whenComplete((created, failure) -> {
                    if (failure != null) {
                        cluster.observe(new Observation.UncaughtException(failure));
                    } else if (running) {
                        created(created);
                    }
                });
    }

    private MemberlistConfig config(byte[] meta) {
        InetSocketAddress address = node.address();
        // Who has bound one address cannot follow its host to another one.
        String bind = cluster.scenario.faults().contains(Fault.ADDRESS_CHANGE)
                ? ANY_ADDRESS
                : address.getAddress().getHostAddress();
        return cluster.settings
                .builder()
                .nodeName(node.name)
                .network(n -> n.bindAddress(bind).bindPort(address.getPort()))
                .meta(meta)
                .delegates(d -> d.event(this::told)
                        .message(message -> cluster.observe(new Observation.UserMessageReceived(id, message)))
                        .state(new ApplicationState(cluster, id)))
                .callbackExecutor(task -> Objects.requireNonNull(loop).schedule(node.callbackNanos(), task))
                .build();
    }

    private TransportFactory observed(BlockableNetwork host, MemberlistConfig config) {
        return bind -> host.open(bind).thenApply(transport -> {
            VirtualEventLoop opened = (VirtualEventLoop) transport.eventLoop();
            loop = opened;
            opened.afterTask(this::look);
            cluster.overload.join(opened);
            gate = host.gate(transport.boundAddress());
            return new ObservedTransport(transport, new PacketTap(cluster, id, config, this::heard), this::stream);
        });
    }

    private void created(Memberlist created) {
        member = created;
        if (cluster.sendsClusterMessages()) {
            messageHandlers = new ClusterMessageHandlers(
                    cluster, id, ClusterMessaging.of(created), Objects.requireNonNull(loop), this::runs);
        }
        look();
        application.join();
    }

    /** Ends the process without a word to anybody. */
    void crash() {
        if (running) {
            running = false;
            cluster.observe(new Observation.ProcessStopped(id));
            cluster.network.crash(node.address());
        }
    }

    /** Shuts the process down in order. Soon afterwards none of its timers may remain. */
    void shutDown() {
        Memberlist current = member();
        VirtualEventLoop mineToEnd = loop();
        if (current != null && mineToEnd != null) {
            shuttingDown = true;
            disturbed();
            current.shutdown().whenComplete((done, failure) -> {
                if (running) {
                    running = false;
                    cluster.observe(new Observation.ProcessStopped(id));
                    cluster.time.schedule(SOON_NANOS, () -> {
                        cluster.observe(new Observation.TimersLeft(id, mineToEnd.pendingTimers()));
                    });
                }
            });
        }
    }

    /** {@return whether the address of its host can change under it} */
    boolean canMove() {
        return member() != null && !shuttingDown;
    }

    /** Blocks sends and receives from now on. {@return whether they were open before} */
    boolean block() {
        if (!running || gate == null || blocked) {
            return false;
        }
        blocked = true;
        cluster.observe(new Observation.Blocked(id, true));
        gate.shut();
        return true;
    }

    /** Unblocks sends and receives. What waited passes, outside of the tasks of the loop. */
    void unblock() {
        if (running && gate != null && blocked) {
            blocked = false;
            cluster.observe(new Observation.Blocked(id, false));
            gate.open();
            look();
            restartStreamAges(now());
        }
    }

    /** Records that the process stood still until now, or begins to shut down. */
    void disturbed() {
        VirtualEventLoop current = loop();
        if (current != null) {
            cluster.observe(new Observation.Disturbed(id, current.wallClock()));
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

    /** {@return whether the process works normally: it was created, is not kept from its work, and its clock is right} */
    boolean works() {
        VirtualEventLoop current = loop();
        return member() != null
                && current != null
                && !current.paused()
                && !blocked
                && !cluster.overload.lasts()
                && clockRate == 1;
    }

    private Instant now() {
        VirtualEventLoop current = loop();
        return current == null ? Instant.EPOCH : current.wallClock();
    }

    private void stream(Object stream, boolean open) {
        if (!running) {
            return;
        }
        if (open) {
            streams.put(stream, now());
        } else {
            streams.remove(stream);
        }
    }

    /** {@return how long the oldest stream has been open while the process was not blocked} */
    Duration oldestStream() {
        return blocked || streams.isEmpty()
                ? Duration.ZERO
                : Duration.between(Collections.min(streams.values()), now());
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

    /** {@return how many cluster messages were dropped because too many waited for the application} */
    long droppedMessages() {
        ClusterMessageHandlers current = messageHandlers;
        return current == null ? 0 : current.dropped();
    }

    /** {@return how many broadcasts the member says that it missed for good} */
    long missedMessages() {
        ClusterMessageHandlers current = messageHandlers;
        return current == null ? 0 : current.missed();
    }

    /** {@return how many cluster messages are held back for their order} */
    int heldMessages() {
        Memberlist current = member();
        return current == null ? 0 : ClusterMessaging.of(current).statistics().held();
    }

    /** Its health is looked at after each task of the loop, so that the event of it tells nothing new. */
    private void told(MemberEvent event) {
        boolean membership = !(event instanceof MemberEvent.LocalHealthChanged
                || event instanceof MemberEvent.LocalDeclaredDead
                || event instanceof MemberEvent.ReachabilityChanged);
        if (membership) {
            cluster.observe(new Observation.EventDelivered(id, event));
        }
    }

    private void heard() {
        heard = true;
        look();
    }

    private void look() {
        Memberlist current = member();
        if (current == null) {
            return;
        }
        if (current.healthScore() != health) {
            health = current.healthScore();
            cluster.observe(new Observation.HealthChanged(id, health));
        }
        Set<String> nowDegraded = current.degradedMembers().stream()
                .map(each -> each.member().name())
                .collect(Collectors.toSet());
        if (!nowDegraded.equals(degraded)) {
            degraded = nowDegraded;
            cluster.observe(new Observation.DegradedChanged(id, degraded));
        }
        boolean changed = view.update(current, id);
        if (changed || heard) {
            heard = false;
            cluster.observe(new Observation.PacketHandled(id));
        }
    }
}
