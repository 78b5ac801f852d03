package io.memberlist.swim;

import io.memberlist.transport.AddressOrder;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Heals partitions: contacts failed members now and then by push/pull. The Go library forgets the dead, so that a cluster
 * which was partitioned for longer stays two clusters.
 *
 * <p>The first exchange shows each side which of its members the other has declared dead. Those refute on their own side,
 * and an exchange soon after brings the two sides together.
 */
final class Reconnector {
    private static final int MAX_BACK_OFF = 10;

    private final Context context;
    private final Membership membership;
    private final Rejoin rejoin;
    private final SortedMap<InetSocketAddress, Attempts> attempts = new TreeMap<>(AddressOrder.SOCKETS);
    private int underWay;
    final PeriodicTask rounds;

    Reconnector(Context context, Membership membership, Rejoin rejoin) {
        this.context = context;
        this.membership = membership;
        this.rejoin = rejoin;
        // Several rounds fit into the first pause, so that members that failed together are not tried together.
        this.rounds = new PeriodicTask(context.loop(), () -> baseNanos() / 4, this::round);
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
        Map<InetSocketAddress, Candidate> candidates = candidates();
        attempts.keySet().retainAll(candidates.keySet());
        long now = context.loop().nanoTime();
        long timeoutNanos = context.config().stateSync().reconnectTimeout().toNanos();
        List<Attempts> due = new ArrayList<>();
        candidates.values().stream()
                .sorted(Comparator.comparingInt(Candidate::place))
                .forEach(candidate -> {
                    // The first pause begins when the member is first found missing: its failure may be a passing one.
                    Attempts known = attempts.computeIfAbsent(
                            candidate.who().address(), a -> new Attempts(candidate.who(), now, baseNanos()));
                    if (now - known.dueNanos >= 0 && now - known.sinceNanos <= timeoutNanos) {
                        due.add(known);
                    }
                });
        chosen(due).forEach(this::contact);
    }

    /**
     * A failed member.
     *
     * @param place among the others: those that failed last have the highest
     */
    private record Candidate(Recipient who, int place) {}

    /** {@return the failed members, by their addresses} */
    private Map<InetSocketAddress, Candidate> candidates() {
        Map<InetSocketAddress, Candidate> missing = new TreeMap<>(AddressOrder.SOCKETS);
        int place = 0;
        for (PushPullNode node : context.tombstones().failed()) {
            InetSocketAddress address = Addresses.of(node.address(), node.port());
            missing.put(address, new Candidate(new Recipient(address, node.name()), place++));
        }
        for (MemberRecord record : context.table().failed()) {
            missing.put(record.address(), new Candidate(record.recipient(), place++));
        }
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

    /**
     * {@return whom to try in this round} Half of them failed last: they are the most likely to be there again, as the
     * other side of a partition that has just ended, however many others died before. The other half has waited longest.
     */
    private Set<Attempts> chosen(List<Attempts> due) {
        int limit = context.config().limits().joinConcurrency() - underWay;
        Set<Attempts> chosen = new LinkedHashSet<>();
        for (int i = due.size() - 1; i >= 0 && chosen.size() < (limit + 1) / 2; i--) {
            chosen.add(due.get(i));
        }
        long now = context.loop().nanoTime();
        due.sort((a, b) -> Long.compare(now - b.dueNanos, now - a.dueNanos));
        for (Attempts next : due) {
            if (chosen.size() >= limit) {
                break;
            }
            chosen.add(next);
        }
        return chosen;
    }

    private void contact(Attempts known) {
        long longest = Formulas.pushPullIntervalNanos(
                baseNanos() * MAX_BACK_OFF, context.table().live());
        known.tryLater(context.loop().nanoTime(), longest);
        String text = Addresses.text(known.who.address());
        context.log().debug("attempting to reconnect to {}", text);
        underWay++;
        rejoin.with(known.who, (nothing, failure) -> {
            underWay--;
            if (failure != null) {
                context.log().debug("could not reconnect to {}: {}", text, failure.getMessage());
            } else if (!known.reached) {
                context.log().log(LogEvent.RECONNECTED, known.who.address());
                // What the other side's members answer to their own deaths is worth fetching soon, but only once.
                known.reached = true;
                known.dueNanos = context.loop().nanoTime() + context.refutedNanos();
            }
        });
    }

    /** When a failed member is tried next, and how long after that. */
    private static final class Attempts {
        private final Recipient who;
        private long dueNanos;
        private long pauseNanos;
        private final long sinceNanos;
        private boolean reached;

        Attempts(Recipient who, long nowNanos, long pauseNanos) {
            this.who = who;
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
