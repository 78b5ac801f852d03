package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The active faults of the network, each on some links. */
final class NetworkFaults implements LinkFaults {
    private static final double MILLI = 1_000_000;

    private static final Fault[] CUTS = {
        Fault.ONE_WAY, Fault.PARTITION, Fault.LONG_PARTITION, Fault.FLAP, Fault.REPLACE, Fault.ADDRESS_CHANGE
    };

    private final Function<InetSocketAddress, Integer> nodeAt;
    private final Consumer<Fault> counted;
    private final Map<Fault, List<Rule>> rules = new EnumMap<>(Fault.class);
    private final Map<Fault, RandomGenerator> sources = new EnumMap<>(Fault.class);
    private final List<PacketObserver> observers = new ArrayList<>();

    /**
     * @param nodeAt the number of the node at an address; -1 for a Byzantine peer
     * @param counted called each time a fault has struck
     */
    NetworkFaults(Scenario scenario, Function<InetSocketAddress, Integer> nodeAt, Consumer<Fault> counted) {
        this.nodeAt = nodeAt;
        this.counted = counted;
        for (Fault fault : Fault.values()) {
            rules.put(fault, new ArrayList<>());
            sources.put(fault, scenario.source("link " + fault));
        }
    }

    void addObserver(PacketObserver observer) {
        observers.add(observer);
    }

    /** Begins a fault. Run the result to end it. */
    Runnable begin(Fault fault, double strength, BiPredicate<Integer, Integer> on) {
        Rule rule = new Rule(strength, on);
        rules(fault).add(rule);
        return () -> rules(fault).remove(rule);
    }

    void endAll() {
        rules.values().forEach(List::clear);
    }

    @Override
    public List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        List<Arrival> arrivals = fate(nodeAt.apply(from), nodeAt.apply(to), packet);
        observers.forEach(observer -> observer.packet(from, to, packet, arrivals));
        return arrivals;
    }

    private List<Arrival> fate(int from, int to, byte[] packet) {
        if (cut(from, to) || strikes(Fault.LOSS, from, to)) {
            return List.of();
        }
        byte[] bytes = packet;
        if (bytes.length > 0 && strikes(Fault.FLIP, from, to)) {
            bytes = flipped(bytes);
        }
        if (bytes.length > 0 && strikes(Fault.TRUNCATE, from, to)) {
            bytes = Arrays.copyOf(bytes, source(Fault.TRUNCATE).nextInt(bytes.length));
        }
        List<Arrival> arrivals = new ArrayList<>(1);
        arrivals.add(new Arrival(late(from, to), bytes));
        if (strikes(Fault.DUPLICATE, from, to)) {
            arrivals.add(new Arrival((long) (source(Fault.DUPLICATE).nextDouble(0, 2000) * MILLI), bytes));
        }
        return arrivals;
    }

    private long late(int from, int to) {
        double millis = 0;
        Rule delay = rule(Fault.DELAY, from, to);
        if (delay != null) {
            counted.accept(Fault.DELAY);
            millis += source(Fault.DELAY).nextDouble(0, delay.strength);
        }
        if (strikes(Fault.REORDER, from, to)) {
            millis += source(Fault.REORDER).nextDouble(5, 5000);
        }
        return (long) (millis * MILLI);
    }

    private byte[] flipped(byte[] packet) {
        byte[] bytes = packet.clone();
        RandomGenerator random = source(Fault.FLIP);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        return bytes;
    }

    @Override
    public StreamFate stream(InetSocketAddress fromAddress, InetSocketAddress toAddress) {
        int from = nodeAt.apply(fromAddress);
        int to = nodeAt.apply(toAddress);
        if (cut(from, to) || strikes(Fault.STREAM_STALL, from, to)) {
            return StreamFate.STALLS;
        }
        return strikes(Fault.STREAM_BREAK, from, to) ? StreamFate.BREAKS : StreamFate.PASSES;
    }

    private boolean cut(int from, int to) {
        for (Fault fault : CUTS) {
            if (rule(fault, from, to) != null) {
                counted.accept(fault);
                return true;
            }
        }
        return false;
    }

    private boolean strikes(Fault fault, int from, int to) {
        Rule rule = rule(fault, from, to);
        if (rule != null && source(fault).nextDouble() < rule.strength) {
            counted.accept(fault);
            return true;
        }
        return false;
    }

    private @Nullable Rule rule(Fault fault, int from, int to) {
        List<Rule> all = rules(fault);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).on.test(from, to)) {
                return all.get(i);
            }
        }
        return null;
    }

    private List<Rule> rules(Fault fault) {
        return java.util.Objects.requireNonNull(rules.get(fault));
    }

    private RandomGenerator source(Fault fault) {
        return java.util.Objects.requireNonNull(sources.get(fault));
    }

    private record Rule(double strength, BiPredicate<Integer, Integer> on) {}

    /** Observes every packet. */
    @FunctionalInterface
    interface PacketObserver {
        void packet(InetSocketAddress from, InetSocketAddress to, byte[] packet, List<Arrival> arrivals);
    }
}
