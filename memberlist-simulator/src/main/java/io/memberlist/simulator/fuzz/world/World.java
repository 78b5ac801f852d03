package io.memberlist.simulator.fuzz.world;

import io.memberlist.Memberlist;
import io.memberlist.simulator.fuzz.check.Heals;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.check.Observation.Truth;
import io.memberlist.transport.virtual.LinkFaults;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Nodes, the network between them and the time they live in. A pure function of its scenario. */
public final class World {
    private static final int PORT = 7946;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int CALM_SECONDS = 15;
    /** Lies may bring in so many names. */
    public static final int GHOSTS = 5;

    private final Scenario scenario;
    private final Settings settings;
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network;
    private final Links links;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<InetSocketAddress, Integer> nodeAt = new HashMap<>();
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private final Observer observer;
    private int failuresSeen;
    private boolean ended;

    public World(Scenario scenario, Observer observer) {
        this.scenario = scenario;
        this.observer = observer;
        this.settings = new Settings(scenario);
        this.network = new VirtualNetwork(time, scenario.source("network").nextLong());
        this.links = new Links(scenario, address -> nodeAt.getOrDefault(address, -1), this::count);
        network.faults(links);
        for (int i = 0; i < scenario.nodes(); i++) {
            nodes.add(new Node(this, i));
        }
    }

    /** Sees packets as well, for a trace. */
    public void observePackets() {
        links.observer((from, to, packet, arrivals) -> observe(new Observation.Happened(
                "packet " + text(from) + " > " + text(to) + " of " + packet.length + " bytes" + fate(arrivals))));
    }

    private static String fate(List<LinkFaults.Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return " is lost";
        }
        StringBuilder fate = new StringBuilder();
        for (LinkFaults.Arrival arrival : arrivals) {
            fate.append(" +").append(arrival.extraDelayNanos() / 1000).append(" us");
        }
        return fate.toString();
    }

    /**
     * Lets everything happen.
     *
     * @param enough asked each simulated second; true ends the run early
     */
    public void run(BooleanSupplier enough) {
        observe(new Observation.Happened(scenario.options() + ": " + settings.text()));
        new Troubles(this).plan();
        for (long second = 0; second < scenario.duration().toSeconds(); second++) {
            if (pass(enough)) {
                return;
            }
        }
        end();
        heal(enough);
    }

    private boolean pass(BooleanSupplier enough) {
        time.run(SECOND);
        while (failuresSeen < time.failures().size()) {
            observe(new Observation.Escaped(time.failures().get(failuresSeen++)));
        }
        for (Node node : nodes) {
            Memberlist member = node.member();
            VirtualEventLoop loop = node.loop();
            if (member != null && loop != null && !loop.paused()) {
                observe(new Observation.Holds(
                        node.process(),
                        member.allMembers().size(),
                        member.statistics().queuedBroadcasts(),
                        loop.pendingTimers(),
                        network.openStreams(node.address())));
            }
        }
        return enough.getAsBoolean();
    }

    private void end() {
        ended = true;
        links.endAll();
        observe(new Observation.Happened("all faults end"));
        for (Node node : nodes) {
            node.callbacksTake(Duration.ZERO);
            VirtualEventLoop loop = node.loop();
            if (loop != null) {
                loop.clockRate(1);
                if (loop.paused()) {
                    loop.resume();
                }
            }
        }
    }

    private void heal(BooleanSupplier enough) {
        long limit = settings.healing(nodeAt.size() + GHOSTS).toSeconds();
        int calm = 0;
        for (long second = 0; second < limit && calm < CALM_SECONDS; second++) {
            if (pass(enough)) {
                return;
            }
            calm = healed() ? calm + 1 : 0;
        }
        Map<String, Truth> truth = truth();
        for (Node node : nodes) {
            if (node.up()) {
                if (node.takesPart()) {
                    observe(new Observation.Healed(node.process(), node.view(), truth));
                }
                observe(new Observation.Ended(node.process(), new TreeMap<>(node.view())));
            }
        }
    }

    private boolean healed() {
        Map<String, Truth> truth = truth();
        return nodes.stream()
                .filter(Node::takesPart)
                .allMatch(node -> Heals.missing(node.view(), truth).isEmpty());
    }

    private Map<String, Truth> truth() {
        Map<String, Truth> truth = new TreeMap<>();
        for (Node node : nodes) {
            if (node.takesPart()) {
                truth.put(node.name, new Truth(node.address(), node.meta()));
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

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    void observe(Observation observation) {
        if (observation instanceof Observation.Started started) {
            nodeAt.put(started.address(), Integer.parseInt(started.node().substring(1)));
        }
        observer.observed(time.nanos(), observation);
    }

    /** A fault has struck. */
    void count(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    /** {@return how often each fault has struck} */
    public Map<Fault, Long> counts() {
        return counts;
    }

    /** {@return how much time has passed in this world} */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }

    /** {@return whether what is received may have been made up without anybody being able to tell} */
    public static boolean credulous(Scenario scenario) {
        Set<Fault> faults = scenario.faults();
        boolean corrupts = faults.contains(Fault.FLIP) || faults.contains(Fault.TRUNCATE);
        return corrupts && !encrypted(scenario);
    }

    /** {@return whether the nodes of a scenario encrypt} */
    public static boolean encrypted(Scenario scenario) {
        return new Settings(scenario).encrypted();
    }

    Scenario scenario() {
        return scenario;
    }

    Settings settings() {
        return settings;
    }

    VirtualTime time() {
        return time;
    }

    VirtualNetwork network() {
        return network;
    }

    Links links() {
        return links;
    }

    boolean ended() {
        return ended;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** {@return where the nodes are that take part, but for one} */
    Set<String> runningBut(Node node) {
        Set<String> running = new HashSet<>();
        for (Node other : nodes) {
            if (other != node && other.takesPart()) {
                running.add(text(other.address()));
            }
        }
        return running;
    }

    /** Sees what happens. */
    @FunctionalInterface
    public interface Observer {
        void observed(long nanos, Observation observation);
    }
}
