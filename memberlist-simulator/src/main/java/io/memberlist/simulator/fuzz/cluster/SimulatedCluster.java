package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.simulator.fuzz.check.Convergence;
import io.memberlist.simulator.fuzz.check.DeliveryLedger;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.check.Observation.ActualState;
import io.memberlist.simulator.fuzz.check.TraceText;
import io.memberlist.transport.virtual.LinkFaults;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The nodes of a run, the network between them, and their virtual time. It is a pure function of the scenario. */
public final class SimulatedCluster {
    private static final int PORT = 7946;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int CALM_SECONDS = 15;
    private static final int DRAINED_WITHIN_SECONDS = 300;
    /** The number of names that forged updates can introduce. */
    public static final int GHOSTS = 5;

    final Scenario scenario;
    final Settings settings;
    final VirtualTime time = new VirtualTime();
    final NodeNames network;
    final NetworkFaults networkFaults;
    final List<Node> nodes = new ArrayList<>();
    private final Map<InetSocketAddress, Integer> nodeAt = new HashMap<>();
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private final Observer observer;
    final Quiescence quiescence = new Quiescence(this);
    final Overload overload = new Overload(this);
    final AddressSpread addressSpread = new AddressSpread(this);
    private final Operator operator = new Operator(this);
    private final @Nullable DeliveryLedger ledger;
    private int failuresSeen;
    private boolean ended;
    private boolean traced;

    public SimulatedCluster(Scenario scenario, Observer observer) {
        this.scenario = scenario;
        this.observer = observer;
        this.ledger = scenario.faults().contains(Fault.CLUSTER_MESSAGES)
                ? new DeliveryLedger(config(scenario), clockFactor(scenario))
                : null;
        this.settings = new Settings(scenario);
        this.network = new NodeNames(
                time,
                scenario.source("network").nextLong(),
                name -> name.startsWith("n") ? nodes.get(indexOf(name)) : null,
                scenario.source("look-ups"),
                () -> count(Fault.LOOK_UPS));
        this.networkFaults = new NetworkFaults(scenario, address -> nodeAt.getOrDefault(address, -1), this::count);
        network.faults(networkFaults);
        for (int i = 0; i < scenario.nodes(); i++) {
            nodes.add(new Node(this, i));
        }
    }

    /** Also reports what a trace shows and checkers do not need: the fate of packets, and streams. */
    public void trace() {
        traced = true;
        networkFaults.addObserver((from, to, packet, arrivals) -> {
            String fate = fate(packet, arrivals);
            if (!fate.isEmpty()) {
                observe(new Observation.Note("packet " + TraceText.place(from) + " > " + TraceText.place(to) + fate));
            }
        });
    }

    boolean traced() {
        return traced;
    }

    /** {@return the fate of a packet; empty if it arrives in time and unaltered} */
    private static String fate(byte[] packet, List<LinkFaults.Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return " is lost";
        }
        StringBuilder fate = new StringBuilder();
        for (LinkFaults.Arrival arrival : arrivals) {
            if (arrival.packet().length < packet.length) {
                fate.append(" is cut to ").append(arrival.packet().length).append(" bytes");
            } else if (arrival.packet() != packet) {
                fate.append(" is corrupted");
            }
            if (arrival.extraDelayNanos() > 0 || arrivals.size() > 1) {
                fate.append(" comes ").append(arrival.extraDelayNanos() / 1000).append(" us late");
            }
        }
        return fate.toString();
    }

    /**
     * Runs the scenario.
     *
     * @param enough called each simulated second; true ends the run early
     */
    public void run(BooleanSupplier enough) {
        observe(new Observation.Note(scenario.options() + ": " + settings.text()));
        new FaultPlan(this).plan();
        for (long second = 0; second < scenario.duration().toSeconds(); second++) {
            if (pass(enough)) {
                return;
            }
        }
        if (scenario.faults().contains(Fault.LONG_PARTITION) && lastForHours(enough)) {
            return;
        }
        end();
        heal(enough);
    }

    /**
     * Keeps the nodes split into two sides for hours without other faults: much longer than gossip reaches dead
     * members.
     */
    private boolean lastForHours(BooleanSupplier enough) {
        end();
        RandomGenerator random = scenario.source("plan " + Fault.LONG_PARTITION);
        long seconds = random.nextLong(2 * 3600, 3 * 3600);
        int cut = random.nextInt(1, Math.max(2, scenario.nodes()));
        observe(new Observation.Note("nodes below n" + cut + " are cut from the others for " + seconds + " s"));
        networkFaults.begin(Fault.LONG_PARTITION, 1, (from, to) -> from >= 0 && to >= 0 && from < cut != to < cut);
        for (long second = 0; second < seconds; second++) {
            if (pass(enough)) {
                return true;
            }
        }
        return false;
    }

    private boolean pass(BooleanSupplier enough) {
        time.run(SECOND);
        while (failuresSeen < time.failures().size()) {
            observe(new Observation.UncaughtException(time.failures().get(failuresSeen++)));
        }
        overload.look();
        for (Node node : nodes) {
            NodeProcess process = node.process();
            Memberlist member = process.member();
            VirtualEventLoop loop = process.loop();
            if (member != null && loop != null && !loop.paused()) {
                observe(new Observation.ResourcesHeld(
                        process.id(),
                        loop.wallClock(),
                        SimulatorAccess.resourceUsage(member),
                        loop.pendingTimers(),
                        network.openStreams(node.address()),
                        process.oldestStream(),
                        ledger == null
                                ? MessagingStatistics.NONE
                                : ClusterMessaging.of(member).statistics()));
            }
        }
        addressSpread.look();
        if (ledger != null) {
            quiescence.look();
        }
        return enough.getAsBoolean();
    }

    private void end() {
        ended = true;
        networkFaults.endAll();
        overload.end();
        network.disturb(0);
        observe(new Observation.Note("all faults end"));
        for (Node node : nodes) {
            node.callbacksTake(Duration.ZERO);
            NodeProcess process = node.process();
            VirtualEventLoop loop = process.loop();
            if (loop != null) {
                if (loop.paused()) {
                    loop.resume();
                    process.disturbed();
                }
                process.clockRate(1);
            }
            process.unblock();
        }
        operator.faultsHaveEnded();
    }

    private void heal(BooleanSupplier enough) {
        long limit = settings.healing(nodeAt.size() + GHOSTS).toSeconds();
        int calm = 0;
        // What is missing while the cluster is quiescent is delivered, expires, or is reported: this ends.
        for (long second = 0; (second < limit || owesMessages()) && !isOver(calm); second++) {
            if (pass(enough)) {
                return;
            }
            calm = healed() ? calm + 1 : 0;
        }
        Map<String, ActualState> truth = truth();
        for (Node node : nodes) {
            NodeProcess process = node.process();
            if (process.runs()) {
                Map<String, Member> view = process.view().members();
                if (node.takesPart()) {
                    observe(new Observation.HealingOver(process.id(), view, truth, process.broadcasts()));
                }
                observe(new Observation.RunEnded(process.id(), new TreeMap<>(view)));
            }
        }
    }

    private boolean owesMessages() {
        return ledger != null && quiescence.isReached() && ledger.owes();
    }

    /** {@return whether the cluster has been healed for long enough} Queued messages get some more time. */
    private boolean isOver(int calmSeconds) {
        return !owesMessages() && calmSeconds >= (drained() ? CALM_SECONDS : DRAINED_WITHIN_SECONDS);
    }

    private boolean drained() {
        boolean gossiped = nodes.stream()
                .filter(Node::takesPart)
                .allMatch(node -> node.process().broadcasts() <= scenario.nodes() + GHOSTS);
        return gossiped
                && (ledger == null
                        || ledger.open() == 0
                                && nodes.stream()
                                        .allMatch(node -> node.process().heldMessages() == 0));
    }

    private boolean healed() {
        Map<String, ActualState> truth = truth();
        return nodes.stream()
                .filter(Node::takesPart)
                .allMatch(node -> Convergence.missing(node.process().view().members(), truth)
                        .isEmpty());
    }

    private Map<String, ActualState> truth() {
        Map<String, ActualState> truth = new TreeMap<>();
        for (Node node : nodes) {
            if (node.takesPart()) {
                truth.put(
                        node.name,
                        new ActualState(
                                node.address(), node.process().application().meta()));
            }
        }
        return truth;
    }

    static InetSocketAddress address(int node, int host) {
        try {
            byte[] ip = {10, (byte) (node / 200), (byte) (node % 200), (byte) (host + 1)};
            return new InetSocketAddress(InetAddress.getByAddress(ip), PORT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int indexOf(String node) {
        return Integer.parseInt(node.substring(1));
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    void observe(Observation observation) {
        if (observation instanceof Observation.ProcessStarted started) {
            nodeAt.put(started.address(), indexOf(started.node()));
        } else if (observation instanceof Observation.AddressChanged changed) {
            nodeAt.put(changed.address(), indexOf(changed.node()));
        }
        quiescence.observed(observation);
        if (ledger != null) {
            ledger.observe(observation);
        }
        observer.observed(time.nanos(), observation);
    }

    /** Counts that a fault has struck. */
    void count(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
        if (!fault.isLoad()) {
            quiescence.disturb();
        }
    }

    /** {@return how often each fault has struck} */
    public Map<Fault, Long> counts() {
        return counts;
    }

    /** {@return the virtual time that has passed} */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    /** {@return whether received data may be corrupted without any member being able to detect it} */
    public static boolean credulous(Scenario scenario) {
        Set<Fault> faults = scenario.faults();
        boolean corrupts = faults.contains(Fault.FLIP) || faults.contains(Fault.TRUNCATE);
        return corrupts && !encrypted(scenario);
    }

    /** {@return whether the nodes of a scenario encrypt} */
    public static boolean encrypted(Scenario scenario) {
        return new Settings(scenario).encrypted;
    }

    /** {@return the factor by which a process may overestimate an age, because its clock is fast} */
    public static int clockFactor(Scenario scenario) {
        return scenario.faults().contains(Fault.SKEW) ? ProcessFaults.FASTEST_CLOCK : 1;
    }

    /** {@return the configuration of the nodes of a scenario} */
    public static MemberlistConfig config(Scenario scenario) {
        return new Settings(scenario).base;
    }

    boolean sendsClusterMessages() {
        return scenario.faults().contains(Fault.CLUSTER_MESSAGES);
    }

    boolean ended() {
        return ended;
    }

    /** {@return the seeds of every node, where the engine asks them again} These are names of nodes. */
    List<String> seeds() {
        return seedNodes().map(node -> node.name).toList();
    }

    /** {@return all nodes, or two in some clusters, where the others find each other by gossip} */
    Stream<Node> seedNodes() {
        return nodes.stream()
                .filter(node -> !scenario.without().contains(node.index))
                .limit(settings.seeds);
    }

    /** {@return the addresses of the running seeds except a node's own; of all running nodes for a seed itself} */
    Set<String> addressesOfSeeds(Node node) {
        Set<String> seeds = runningBut(node, settings.seeds);
        return node.index < settings.seeds || seeds.isEmpty() ? runningBut(node) : seeds;
    }

    /** {@return the addresses of the running nodes except one} */
    Set<String> runningBut(Node node) {
        return runningBut(node, nodes.size());
    }

    private Set<String> runningBut(Node node, int first) {
        return nodes.stream()
                .limit(first)
                .filter(other -> other != node && other.takesPart())
                .map(other -> text(other.address()))
                .collect(Collectors.toSet());
    }

    /** Receives the observations of a run. */
    @FunctionalInterface
    public interface Observer {
        void observed(long nanos, Observation observation);
    }
}
