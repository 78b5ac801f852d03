package io.memberlist.testing;

import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A network in virtual time that knows the names of hosts and services, and remembers who was looked up. */
public final class NamedNetwork extends VirtualNetwork {
    private static final long ANSWER_NANOS = Duration.ofMillis(1).toNanos();

    private final VirtualTime time;
    private final Map<String, List<InetAddress>> hosts = new HashMap<>();
    private final Map<String, List<InetSocketAddress>> services = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private final List<SeedLookup> lookUps = new ArrayList<>();
    private int lookUpsUnderWay;

    NamedNetwork(VirtualTime time, long seed) {
        super(time, seed);
        this.time = time;
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
    protected CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, long timeoutNanos) {
        lookUps.add(seed);
        lookUpsUnderWay++;
        CompletableFuture<List<InetSocketAddress>> result = answer(seed, timeoutNanos);
        result.whenComplete((found, failure) -> lookUpsUnderWay--);
        return result;
    }

    private CompletableFuture<List<InetSocketAddress>> answer(SeedLookup seed, long timeoutNanos) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        List<InetSocketAddress> service = services.get(seed.name());
        if (silent.contains(seed.name())) {
            time.schedule(
                    timeoutNanos,
                    () -> result.completeExceptionally(new TransportException(seed + " gave no answer in time")));
        } else if (seed.kind() != SeedLookup.Kind.DNS_SRV) {
            return super.lookUp(seed, timeoutNanos);
        } else if (service != null) {
            time.schedule(ANSWER_NANOS, () -> result.complete(service));
        } else {
            time.schedule(
                    ANSWER_NANOS,
                    () -> result.completeExceptionally(new TransportException(seed + " has no SRV records")));
        }
        return result;
    }

    @Override
    protected CompletableFuture<List<InetAddress>> resolve(String host) {
        List<InetAddress> known = hosts.get(host);
        return known != null ? CompletableFuture.completedFuture(known) : super.resolve(host);
    }
}
