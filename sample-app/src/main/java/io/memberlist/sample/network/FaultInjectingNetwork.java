package io.memberlist.sample.network;

import io.memberlist.config.MemberlistConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/**
 * The network between the members of this JVM: the real one on the loopback interface, until somebody cuts it in two or
 * makes it lose packets. Members of other processes are reached as ever. Safe from any thread.
 */
@Component
public final class FaultInjectingNetwork {
    private static final int MAX_HOPS = 1000;

    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Hop> hops = new ArrayBlockingQueue<>(MAX_HOPS);
    private volatile Set<InetSocketAddress> otherSide = Set.of();
    private volatile int lossPercent;
    private volatile boolean watched;

    /**
     * {@return a place for one more member}
     *
     * @param config the member's, to read its packets along with it
     */
    public Endpoint attach(MemberlistConfig config) {
        Endpoint endpoint = new Endpoint(this, config);
        endpoints.add(endpoint);
        return endpoint;
    }

    void remove(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    /** Nothing gets from these members to the others any more, nor back. */
    public void cut(Set<InetSocketAddress> side) {
        otherSide = Set.copyOf(side);
    }

    /** All members reach one another again. */
    public void heal() {
        otherSide = Set.of();
    }

    /** {@return whether the network is cut} */
    public boolean isCut() {
        return !otherSide.isEmpty();
    }

    /** {@return whether the network is cut and the member on the other side than this application's} */
    public boolean isOnOtherSide(InetSocketAddress member) {
        return otherSide.contains(member);
    }

    /** @param percent how many of a hundred packets get lost; streams repair what they lose, as TCP does */
    public void lose(int percent) {
        lossPercent = percent;
    }

    /** {@return how many of a hundred packets get lost} */
    public int lossPercent() {
        return lossPercent;
    }

    /** @param watched whether anybody wants to see what travels; if not, packets are not read */
    public void watch(boolean watched) {
        this.watched = watched;
    }

    /** {@return what has travelled since the last call; of too much the latest is left out} */
    public List<Hop> takeHops() {
        List<Hop> taken = new ArrayList<>();
        hops.drainTo(taken);
        return taken;
    }

    boolean isWatched() {
        return watched;
    }

    void watched(Hop hop) {
        hops.offer(hop);
    }

    boolean losesOne() {
        int percent = lossPercent;
        return percent > 0 && ThreadLocalRandom.current().nextInt(100) < percent;
    }

    boolean isHere(InetSocketAddress address) {
        for (Endpoint endpoint : endpoints) {
            if (address.equals(endpoint.address())) {
                return true;
            }
        }
        return false;
    }

    boolean connects(Endpoint from, InetSocketAddress to) {
        Set<InetSocketAddress> side = otherSide;
        InetSocketAddress own = from.address();
        return !from.isSilent() && (side.isEmpty() || own == null || side.contains(own) == side.contains(to));
    }
}
