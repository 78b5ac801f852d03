package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network whose hosts have the names of the nodes. A name leads to the address of the last process of its node, whether
 * or not that still runs. Look-ups can fail, stay without an answer, or give an address that is out of date.
 */
final class NodeNames extends VirtualNetwork {
    private final VirtualTime time;
    private final Function<String, @Nullable Node> nodeNamed;
    private final RandomGenerator random;
    private final Runnable struck;
    private double share;

    /**
     * @param nodeNamed finds the node of a name; null for an address
     * @param random the source of what happens to look-ups
     * @param struck called each time a look-up is disturbed
     */
    NodeNames(
            VirtualTime time,
            long seed,
            Function<String, @Nullable Node> nodeNamed,
            RandomGenerator random,
            Runnable struck) {
        super(time, seed);
        this.time = time;
        this.nodeNamed = nodeNamed;
        this.random = random;
        this.struck = struck;
    }

    /** Sets the share of look-ups that are disturbed from now on, 0 to 1. */
    void disturb(double newShare) {
        share = newShare;
    }

    @Override
    protected CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, long timeoutNanos) {
        Node node = nodeNamed.apply(seed.name());
        if (node == null || share == 0 || random.nextDouble() >= share) {
            return super.lookUp(seed, timeoutNanos);
        }
        struck.run();
        return switch (random.nextInt(3)) {
            case 0 -> later(0, null, new TransportException("there is no host " + seed.name()));
            case 1 -> later(timeoutNanos, null, new TransportException(seed + " gave no answer in time"));
            default -> later(0, new InetSocketAddress(node.formerAddress().getAddress(), seed.port()), null);
        };
    }

    private CompletableFuture<List<InetSocketAddress>> later(
            long nanos, @Nullable InetSocketAddress found, @Nullable TransportException failure) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        time.schedule(nanos, () -> {
            if (found != null) {
                result.complete(List.of(found));
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    @Override
    protected CompletableFuture<List<InetAddress>> resolve(String host) {
        Node node = nodeNamed.apply(host);
        return node == null
                ? super.resolve(host)
                : CompletableFuture.completedFuture(List.of(node.address().getAddress()));
    }
}
