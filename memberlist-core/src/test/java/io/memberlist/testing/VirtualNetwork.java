package io.memberlist.testing;

import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A network in virtual time that delays, loses and cuts. The same seed gives the same run. */
public final class VirtualNetwork implements TransportFactory {
    private static final int FIRST_FREE_PORT = 20_000;

    final VirtualTime time;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, VirtualTransport> endpoints = new HashMap<>();
    private final Map<String, List<InetAddress>> hosts = new HashMap<>();
    private long minDelayNanos = Duration.ofMillis(1).toNanos();
    private long maxDelayNanos = Duration.ofMillis(3).toNanos();
    private double loss;
    private BiPredicate<InetSocketAddress, InetSocketAddress> packetCut = (from, to) -> false;
    private BiPredicate<InetSocketAddress, InetSocketAddress> streamCut = (from, to) -> false;
    private int nextPort = FIRST_FREE_PORT;

    public VirtualNetwork(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
    }

    /** Sets how long packets and pieces of streams are under way. */
    public void delay(Duration min, Duration max) {
        minDelayNanos = min.toNanos();
        maxDelayNanos = max.toNanos();
    }

    /** Sets the share of packets that get lost, 0 to 1. Streams lose nothing. */
    public void loss(double share) {
        loss = share;
    }

    /** Cuts packets and streams from one address to another, by rule; replaces the rule there was. */
    public void cut(BiPredicate<InetSocketAddress, InetSocketAddress> rule) {
        packetCut = rule;
        streamCut = rule;
    }

    /** Cuts only packets, as a firewall might. */
    public void cutPackets(BiPredicate<InetSocketAddress, InetSocketAddress> rule) {
        packetCut = rule;
    }

    /** Everything gets through again, save what is lost. */
    public void heal() {
        cut((from, to) -> false);
    }

    /** Gives a host name addresses. */
    public void host(String name, InetAddress... addresses) {
        hosts.put(name, List.of(addresses));
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        InetSocketAddress address = bind.getPort() == 0 ? new InetSocketAddress(bind.getAddress(), nextPort++) : bind;
        if (endpoints.containsKey(address)) {
            return CompletableFuture.failedFuture(new TransportException("port " + address.getPort() + " is in use at "
                    + address + ": choose another, or 0 for a free one"));
        }
        VirtualTransport transport = new VirtualTransport(this, address, new VirtualEventLoop(time, random.nextLong()));
        endpoints.put(address, transport);
        return CompletableFuture.completedFuture(transport);
    }

    /** The process at an address dies: it sends nothing, hears nothing, and its streams break. */
    public void crash(InetSocketAddress address) {
        VirtualTransport transport = endpoints.get(address);
        if (transport == null) {
            throw new IllegalArgumentException("nobody lives at " + address);
        }
        transport.loop().stop();
        transport.close();
    }

    /** A stranger sends a packet. */
    public void inject(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        deliver(from, to, packet);
    }

    void remove(InetSocketAddress address) {
        endpoints.remove(address);
    }

    @Nullable
    VirtualTransport at(InetSocketAddress address) {
        return endpoints.get(address);
    }

    boolean streamPasses(InetSocketAddress from, InetSocketAddress to) {
        return !streamCut.test(from, to);
    }

    long delayNanos() {
        return minDelayNanos == maxDelayNanos ? minDelayNanos : random.nextLong(minDelayNanos, maxDelayNanos);
    }

    void deliver(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        if (packetCut.test(from, to) || random.nextDouble() < loss) {
            return;
        }
        time.schedule(delayNanos(), () -> {
            VirtualTransport target = endpoints.get(to);
            if (target != null) {
                target.receive(from, packet);
            }
        });
    }

    CompletableFuture<List<InetAddress>> resolve(String host) {
        List<InetAddress> known = hosts.get(host);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        if (host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1))) {
            try {
                return CompletableFuture.completedFuture(List.of(InetAddress.getByName(host)));
            } catch (java.net.UnknownHostException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.failedFuture(new TransportException("cannot resolve host '" + host + "'"));
    }
}
