package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Heals partitions: contacts failed members, and seeds at whose address no live member is known, now and then by
 * push/pull. The Go library forgets the dead, so that a cluster which was partitioned for longer stays two clusters.
 *
 * <p>The first exchange shows each side which of its members the other has declared dead. Those refute on their own side,
 * and an exchange soon after brings the two sides together.
 */
final class Reconnector {
    private static final int MAX_BACK_OFF = 10;
    private static final int MAX_SEEDS = 64;

    private final Context context;
    private final Membership membership;
    private final StateSync stateSync;
    private final StreamClient streams;
    private final Map<InetSocketAddress, Recipient> seeds = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Attempts> attempts = new HashMap<>();
    final PeriodicTask rounds;

    Reconnector(Context context, Membership membership, StateSync stateSync, StreamClient streams) {
        this.streams = streams;
        this.context = context;
        this.membership = membership;
        this.stateSync = stateSync;
        // Several rounds fit into the first pause, so that members that failed together are not tried together.
        this.rounds = new PeriodicTask(context.loop(), () -> baseNanos() / 4, this::round);
    }

    /** Remembers a seed that was reached, as a way back into the cluster. */
    void seed(Recipient seed) {
        if (seeds.size() < MAX_SEEDS) {
            seeds.put(seed.address(), seed);
        }
    }

    /** {@return how many addresses are tried now and then} */
    int size() {
        return attempts.size();
    }

    private long baseNanos() {
        return context.config().stateSync().reconnectInterval().toNanos();
    }

    private void round() {
        if (membership.local().left()) {
            return;
        }
        Map<InetSocketAddress, Recipient> candidates = candidates();
        attempts.keySet().retainAll(candidates.keySet());
        long now = context.loop().nanoTime();
        long timeoutNanos = context.config().stateSync().reconnectTimeout().toNanos();
        List<Recipient> due = new ArrayList<>();
        candidates.forEach((address, candidate) -> {
            // The first pause begins when the member is first found missing: its failure may be a passing one.
            Attempts known = attempts.computeIfAbsent(address, a -> new Attempts(now, baseNanos()));
            if (now - known.sinceNanos > timeoutNanos) {
                seeds.remove(address);
            } else if (now - known.dueNanos >= 0) {
                due.add(candidate);
            }
        });
        if (!due.isEmpty()) {
            Recipient chosen = due.get(context.loop().random().nextInt(due.size()));
            contact(chosen, Objects.requireNonNull(attempts.get(chosen.address())));
        }
    }

    /** {@return failed members, and seeds at whose address nobody is known to live} */
    private Map<InetSocketAddress, Recipient> candidates() {
        Map<InetSocketAddress, Recipient> missing = new LinkedHashMap<>();
        for (PushPullNode node : context.tombstones().failed()) {
            InetSocketAddress address = Addresses.of(node.address(), node.port());
            missing.put(address, new Recipient(address, node.name()));
        }
        for (MemberRecord record : context.table().failed()) {
            missing.put(record.address(), record.recipient());
        }
        missing.putAll(seeds);
        if (missing.isEmpty()) {
            return missing;
        }
        // One by one, since a set of all addresses would be made anew in every round by every member.
        for (MemberRecord record : context.table().records()) {
            if (record.state().isLive()) {
                missing.remove(record.address());
            }
        }
        return missing;
    }

    private void contact(Recipient who, Attempts known) {
        InetSocketAddress address = who.address();
        String name = who.name();
        known.tryLater(context.loop().nanoTime(), baseNanos() * MAX_BACK_OFF);
        context.log().debug("attempting to reconnect to {}", Addresses.text(address));
        if (name == null || seeds.containsKey(address)) {
            // Anybody will do who is at the address of a seed.
            exchange(who, known);
            return;
        }
        // By now another process may have the address, even a member of another cluster. Only the failed member answers
        // a ping by its name, and only then state is exchanged.
        streams.exchange(who, new Ping(0, name, context.source()), context.streamTimeoutNanos(), (answer, failure) -> {
            if (answer instanceof Ack) {
                exchange(who, known);
            } else {
                context.log().debug("{} is not at {}", name, Addresses.text(address));
            }
        });
    }

    private void exchange(Recipient who, Attempts known) {
        InetSocketAddress address = who.address();
        stateSync.join(who, context.tombstones().failed(), (nothing, failure) -> {
            if (failure != null) {
                context.log().debug("could not reconnect to {}: {}", Addresses.text(address), failure.getMessage());
            } else if (!known.reached) {
                context.log().log(LogEvent.RECONNECTED, address);
                // What the other side's members answer to their own deaths is worth fetching soon, but only once: a
                // seed may go by another address than the member that lives there says.
                known.reached = true;
                known.dueNanos = context.loop().nanoTime() + refutedNanos();
            }
        });
    }

    /** {@return the time in which members will have heard and refuted that they were given up} */
    private long refutedNanos() {
        return Math.max(
                2 * context.config().probe().interval().toNanos(),
                4 * context.config().gossip().interval().toNanos());
    }

    /** When an address is tried next, and how long after that. */
    private static final class Attempts {
        private long dueNanos;
        private long pauseNanos;
        private final long sinceNanos;
        private boolean reached;

        Attempts(long nowNanos, long pauseNanos) {
            this.sinceNanos = nowNanos;
            this.dueNanos = nowNanos + pauseNanos;
            this.pauseNanos = pauseNanos;
        }

        void tryLater(long nowNanos, long maxPauseNanos) {
            dueNanos = nowNanos + pauseNanos;
            pauseNanos = Math.min(maxPauseNanos, 2 * pauseNanos);
        }
    }
}
