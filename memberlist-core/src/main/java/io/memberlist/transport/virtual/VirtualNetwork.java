package io.memberlist.transport.virtual;

import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.virtual.LinkFaults.StreamFate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;

/**
 * A network in virtual time that delays packets, loses them, and cuts links. The same seed gives the same run. A subclass may
 * know names of hosts and services.
 */
public class VirtualNetwork implements TransportFactory {
    private static final int FIRST_FREE_PORT = 20_000;

    final VirtualTime time;
    private final SplittableRandom random;
    final Map<InetSocketAddress, VirtualTransport> endpoints = new HashMap<>();
    private long minDelayNanos = Duration.ofMillis(1).toNanos();
    private long maxDelayNanos = Duration.ofMillis(3).toNanos();
    private double loss;
    private BiPredicate<InetSocketAddress, InetSocketAddress> packetCut = (from, to) -> false;
    private BiPredicate<InetSocketAddress, InetSocketAddress> streamCut = (from, to) -> false;
    private LinkFaults faults = LinkFaults.NONE;
    private int nextPort = FIRST_FREE_PORT;
    private int nextHost;

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
        return transport == null ? 0 : transport.streams.size();
    }

    /** Removes the rules of {@link #cut} and {@link #cutPackets}; loss, delay and faults stay. */
    public void heal() {
        cut((from, to) -> false);
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        InetSocketAddress bound = withPort(bind);
        return open(bound, bound.getAddress().isAnyLocalAddress() ? newHost(bound.getPort()) : bound);
    }

    /**
     * {@return a factory for the processes of one host, which may bind all of its addresses}
     *
     * @param ip the address that the host has until it is moved
     */
    public TransportFactory host(InetAddress ip) {
        return bind -> {
            InetSocketAddress bound = withPort(bind);
            boolean all = bound.getAddress().isAnyLocalAddress();
            return open(bound, all ? new InetSocketAddress(ip, bound.getPort()) : bound);
        };
    }

    private InetSocketAddress withPort(InetSocketAddress bind) {
        return bind.getPort() == 0 ? new InetSocketAddress(bind.getAddress(), nextPort++) : bind;
    }

    private CompletableFuture<Transport> open(InetSocketAddress bound, InetSocketAddress address) {
        if (endpoints.containsKey(address)) {
            return CompletableFuture.failedFuture(new PortInUseException(
                    "port " + address.getPort() + " is in use at " + address + ": choose another, or 0 for a free one",
                    null));
        }
        VirtualTransport transport =
                new VirtualTransport(this, bound, address, new VirtualEventLoop(time, random.nextLong()));
        endpoints.put(address, transport);
        return CompletableFuture.completedFuture(transport);
    }

    /** Who binds all addresses of a host has a host of its own. */
    private InetSocketAddress newHost(int port) {
        int number = nextHost++;
        return new InetSocketAddress("10.99." + number / 250 + "." + (number % 250 + 1), port);
    }

    /**
     * Gives the host of a process that has bound all addresses another address in place of the one it has. Nothing reaches
     * it at the old one any more, and streams that are open fall silent.
     *
     * @throws IllegalArgumentException if there is no process at the address, or if it has bound that address only
     */
    public void move(InetSocketAddress from, InetAddress to) {
        VirtualTransport transport = endpoints.get(from);
        if (transport == null || !transport.boundAddress().getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("there is no process at " + from + " that has bound all addresses");
        }
        endpoints.remove(from);
        InetSocketAddress next = new InetSocketAddress(to, from.getPort());
        transport.moveTo(next);
        endpoints.put(next, transport);
    }

    /**
     * Kills the process at an address: it sends and receives nothing more, and its streams break.
     *
     * @throws IllegalArgumentException if there is no process at the address
     */
    public void crash(InetSocketAddress address) {
        VirtualTransport transport = process(address);
        transport.eventLoop().stop();
        transport.close();
    }

    /**
     * Stops the process at an address for a while, as SIGSTOP does: its kernel still takes connections and packets.
     *
     * @throws IllegalArgumentException if there is no process at the address
     */
    public void pause(InetSocketAddress address) {
        process(address).eventLoop().pause();
    }

    /**
     * Lets the process at an address go on after {@link #pause}.
     *
     * @throws IllegalArgumentException if there is no process at the address
     */
    public void resume(InetSocketAddress address) {
        process(address).eventLoop().resume();
    }

    private VirtualTransport process(InetSocketAddress address) {
        VirtualTransport transport = endpoints.get(address);
        if (transport == null) {
            throw new IllegalArgumentException("there is no process at " + address);
        }
        return transport;
    }

    StreamFate streamFate(InetSocketAddress from, InetSocketAddress to) {
        return streamCut.test(from, to) ? StreamFate.STALLS : faults.stream(from, to);
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

    /** {@return the addresses of a seed, after a while} */
    protected CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, long timeoutNanos) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        // The delay is not drawn: how many seeds are looked up must not change what happens to packets.
        time.schedule(
                minDelayNanos,
                () -> resolve(seed.name()).whenComplete((found, failure) -> {
                    if (failure == null) {
                        result.complete(found.stream()
                                .map(address -> new InetSocketAddress(address, seed.port()))
                                .toList());
                    } else {
                        result.completeExceptionally(failure);
                    }
                }));
        return result;
    }

    /** {@return the addresses of a host} This network knows IP addresses only. */
    protected CompletableFuture<List<InetAddress>> resolve(String host) {
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
