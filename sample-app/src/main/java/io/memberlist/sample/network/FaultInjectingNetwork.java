package io.memberlist.sample.network;

import io.memberlist.config.MemberlistConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/**
 * The network between the members of this JVM: the real one on the loopback interface, until a user cuts it in two or
 * lets it lose packets. The connection to members of other processes is not affected. Safe for use by multiple threads.
 */
@Component
public final class FaultInjectingNetwork {
    private static final int MAX_HOPS = 1000;
    private static final long FIRST_RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Hop> hops = new ArrayBlockingQueue<>(MAX_HOPS);
    private volatile Set<InetSocketAddress> otherSide = Set.of();
    private volatile int lossPercent;
    private volatile boolean watched;

    /**
     * {@return the endpoint of one more member}
     *
     * @param config the configuration of the member, to decode its packets
     */
    public Endpoint attach(MemberlistConfig config) {
        Endpoint endpoint = new Endpoint(this, config);
        endpoints.add(endpoint);
        return endpoint;
    }

    void remove(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    /** Cuts these members off from all others. */
    public void cut(Set<InetSocketAddress> side) {
        otherSide = Set.copyOf(side);
    }

    /** Lets all members reach each other again. */
    public void heal() {
        otherSide = Set.of();
    }

    /** {@return whether the network is cut} */
    public boolean isCut() {
        return !otherSide.isEmpty();
    }

    /** {@return whether the network is cut and the member is not on the side of the application's member} */
    public boolean isOnOtherSide(InetSocketAddress member) {
        return otherSide.contains(member);
    }

    /**
     * @param percent how many of a hundred packets are lost. TCP repairs losses, so that a stream opens late, or not in
     *     time; at 100 nothing passes
     */
    public void lose(int percent) {
        lossPercent = percent;
    }

    /** {@return how many of a hundred packets are lost} */
    public int lossPercent() {
        return lossPercent;
    }

    /** @param watched whether any page is open; if not, packets are not decoded */
    public void watch(boolean watched) {
        this.watched = watched;
    }

    /** {@return the hops since the last call, the oldest first; if there were too many, only the newest} */
    public List<Hop> takeHops() {
        List<Hop> taken = new ArrayList<>();
        hops.drainTo(taken);
        return taken;
    }

    boolean isWatched() {
        return watched;
    }

    void watched(Hop hop) {
        while (!hops.offer(hop)) {
            hops.poll();
        }
    }

    boolean losesOne() {
        int percent = lossPercent;
        return percent > 0 && ThreadLocalRandom.current().nextInt(100) < percent;
    }

    /** {@return whether a stream to the member can carry bytes} */
    boolean carries(Endpoint from, InetSocketAddress to) {
        return lossPercent < 100 && connects(from, to);
    }

    /**
     * {@return how long the handshake of a stream takes over this network} As TCP does, it is tried again after 1, 2, 4
     * s and so on, whenever one of its first two packets is lost.
     *
     * @param limitNanos when the member gives up; the result is at most that
     */
    long handshakeNanos(long limitNanos) {
        long nanos = 0;
        for (long retry = FIRST_RETRY_NANOS; nanos < limitNanos && (losesOne() || losesOne()); retry *= 2) {
            nanos += retry;
        }
        return Math.min(nanos, limitNanos);
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
