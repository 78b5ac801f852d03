package io.memberlist.transport.virtual;

import io.memberlist.transport.Causes;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A network in virtual time that delays packets, loses them, and cuts links. The same seed gives the same run. */
public final class VirtualNetwork implements TransportFactory {
    private static final int FIRST_FREE_PORT = 20_000;

    final VirtualTime time;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, VirtualTransport> endpoints = new HashMap<>();
    private final Map<String, List<InetAddress>> hosts = new HashMap<>();
    private final Map<String, List<InetSocketAddress>> services = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private final List<SeedLookup> lookUps = new ArrayList<>();
    private int lookUpsUnderWay;
    private long minDelayNanos = Duration.ofMillis(1).toNanos();
    private long maxDelayNanos = Duration.ofMillis(3).toNanos();
    private double loss;
    private BiPredicate<InetSocketAddress, InetSocketAddress> packetCut = (from, to) -> false;
    private BiPredicate<InetSocketAddress, InetSocketAddress> streamCut = (from, to) -> false;
    private LinkFaults faults = LinkFaults.NONE;
    private int nextPort = FIRST_FREE_PORT;

    /** @param seed of all chances: delays, losses, and the random sources of the members' loops */
    public VirtualNetwork(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
    }

    /** Sets how long packets and pieces of streams travel. */
    public void delay(Duration min, Duration max) {
        minDelayNanos = min.toNanos();
        maxDelayNanos = max.toNanos();
    }

    /** Sets the share of packets that are lost, 0 to 1. Streams lose nothing. */
    public void loss(double share) {
        loss = share;
    }

    /** Cuts packets and streams for which the rule holds, from the first address to the second. Replaces the previous rule. */
    public void cut(BiPredicate<InetSocketAddress, InetSocketAddress> rule) {
        packetCut = rule;
        streamCut = rule;
    }

    /** Cuts packets for which the rule holds, but not streams, as a firewall might. Replaces the previous rule. */
    public void cutPackets(BiPredicate<InetSocketAddress, InetSocketAddress> rule) {
        packetCut = rule;
    }

    /** Sets what else happens to packets and streams. Replaces the previous faults. */
    public void faults(LinkFaults linkFaults) {
        faults = linkFaults;
    }

    /** {@return how many streams the process at an address holds open; 0 where there is no process} */
    public int openStreams(InetSocketAddress address) {
        VirtualTransport transport = endpoints.get(address);
        return transport == null ? 0 : transport.openStreams();
    }

    /** Removes the rules of {@link #cut} and {@link #cutPackets}; loss, delay and faults stay. */
    public void heal() {
        cut((from, to) -> false);
    }

    /** Sets the addresses that a host name resolves to. */
    public void host(String name, InetAddress... addresses) {
        hosts.put(name, List.of(addresses));
    }

    /** Sets the addresses that the SRV records of a service lead to. */
    public void service(String name, InetSocketAddress... addresses) {
        services.put(name, List.of(addresses));
    }

    /** Makes look-ups of a name end by their time limit only. */
    public void silentHost(String name) {
        silent.add(name);
    }

    /** {@return the seeds that were looked up, in the order in which the look-ups began} */
    public List<SeedLookup> lookUps() {
        return lookUps;
    }

    /** {@return how many look-ups have begun and not ended} */
    public int lookUpsUnderWay() {
        return lookUpsUnderWay;
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        InetSocketAddress address = bind.getPort() == 0 ? new InetSocketAddress(bind.getAddress(), nextPort++) : bind;
        if (endpoints.containsKey(address)) {
            return CompletableFuture.failedFuture(new PortInUseException(
                    "port " + address.getPort() + " is in use at " + address + ": choose another, or 0 for a free one",
                    null));
        }
        VirtualTransport transport = new VirtualTransport(this, address, new VirtualEventLoop(time, random.nextLong()));
        endpoints.put(address, transport);
        return CompletableFuture.completedFuture(transport);
    }

    /**
     * Kills the process at an address: it sends and receives nothing more, and its streams break.
     *
     * @throws IllegalArgumentException if there is no process at the address
     */
    public void crash(InetSocketAddress address) {
        VirtualTransport transport = endpoints.get(address);
        if (transport == null) {
            throw new IllegalArgumentException("there is no process at " + address);
        }
        transport.eventLoop().stop();
        transport.close();
    }

    void remove(InetSocketAddress address) {
        endpoints.remove(address);
    }

    @Nullable
    VirtualTransport at(InetSocketAddress address) {
        return endpoints.get(address);
    }

    LinkFaults.StreamFate streamFate(InetSocketAddress from, InetSocketAddress to) {
        return streamCut.test(from, to) ? LinkFaults.StreamFate.STALLS : faults.stream(from, to);
    }

    long delayNanos() {
        return minDelayNanos == maxDelayNanos ? minDelayNanos : random.nextLong(minDelayNanos, maxDelayNanos);
    }

    /** Sends a packet, also one that no member of this network has sent. */
    public void deliver(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        if (packetCut.test(from, to) || random.nextDouble() < loss) {
            return;
        }
        for (LinkFaults.Arrival arrival : faults.packet(from, to, packet)) {
            time.schedule(delayNanos() + arrival.extraDelayNanos(), () -> {
                VirtualTransport target = endpoints.get(to);
                if (target != null) {
                    target.receive(from, arrival.packet());
                }
            });
        }
    }

    CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, long timeoutNanos) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        lookUps.add(seed);
        lookUpsUnderWay++;
        result.whenComplete((found, failure) -> lookUpsUnderWay--);
        if (silent.contains(seed.name())) {
            time.schedule(
                    timeoutNanos,
                    () -> result.completeExceptionally(new TransportException(seed + " gave no answer in time")));
            return result;
        }
        // The delay is not drawn: how many seeds are looked up must not change what happens to packets.
        time.schedule(
                minDelayNanos,
                () -> found(seed).whenComplete((found, failure) -> {
                    if (failure == null) {
                        result.complete(found);
                    } else {
                        result.completeExceptionally(Causes.unwrap(failure));
                    }
                }));
        return result;
    }

    private CompletableFuture<List<InetSocketAddress>> found(SeedLookup seed) {
        if (seed.kind() != SeedLookup.Kind.DNS_SRV) {
            return resolve(seed.name())
                    .thenApply(found -> found.stream()
                            .map(address -> new InetSocketAddress(address, seed.port()))
                            .toList());
        }
        List<InetSocketAddress> service = services.get(seed.name());
        return service != null
                ? CompletableFuture.completedFuture(service)
                : CompletableFuture.failedFuture(new TransportException(seed + " has no SRV records"));
    }

    CompletableFuture<List<InetAddress>> resolve(String host) {
        List<InetAddress> known = hosts.get(host);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        Throwable cause = null;
        if (host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1))) {
            try {
                return CompletableFuture.completedFuture(List.of(InetAddress.getByName(host)));
            } catch (UnknownHostException e) {
                cause = e;
            }
        }
        return CompletableFuture.failedFuture(new TransportException("cannot resolve host '" + host + "'", cause));
    }
}
