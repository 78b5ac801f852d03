package io.memberlist.swim;

import io.memberlist.transport.AddressOrder;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Heals partitions: contacts failed members now and then, and exchanges state with those that answer. The Go library forgets the
 * dead, so that a cluster which was partitioned for longer stays two clusters.
 *
 * <p>Members that are cut off together fail together. All who miss them know the same members, and heard of the first failure at
 * the same time but for a moment, so each pair has a moment of its own in a period that begins with that failure: some pair tries
 * soon after a cut ends, whenever it ends. Most attempts are one packet, as cheap as one of the segments with which a connection is
 * tried.
 *
 * <p>The first exchange shows each side which of its members the other has declared dead. Those refute on their own side,
 * and an exchange soon after brings the two sides together.
 */
final class Reconnector {
    /** Each member tries each failed one once in two and a half of the configured intervals. */
    private static final int PERIOD_HALF_INTERVALS = 5;

    /** One attempt in so many is a stream at once, for a network that lets only streams pass. */
    private static final int STREAM_EVERY = 20;

    private static final int ROUNDS_PER_INTERVAL = 30;
    private static final int PLANS_PER_INTERVAL = 4;

    private final Context context;
    private final Membership membership;
    private final Rejoin rejoin;
    private final SortedMap<InetSocketAddress, Attempts> attempts = new TreeMap<>(AddressOrder.SOCKETS);
    private long plannedNanos;
    private int underWay;
    final PeriodicTask rounds;

    Reconnector(Context context, Membership membership, Rejoin rejoin) {
        this.context = context;
        this.membership = membership;
        this.rejoin = rejoin;
        this.plannedNanos = context.loop().nanoTime();
        this.rounds = new PeriodicTask(
                context.loop(),
                () -> baseNanos() / (attempts.isEmpty() ? PLANS_PER_INTERVAL : ROUNDS_PER_INTERVAL),
                this::round);
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
        long now = context.loop().nanoTime();
        if (attempts.isEmpty() || now - plannedNanos >= baseNanos() / PLANS_PER_INTERVAL) {
            plannedNanos = now;
            plan(now);
        }
        removeReturned(now);
        long timeoutNanos = context.config().stateSync().reconnectTimeout().toNanos();
        List<Attempts> due = new ArrayList<>();
        for (Attempts each : attempts.values()) {
            if (now - each.dueNanos >= 0 && now - each.sinceNanos <= timeoutNanos) {
                due.add(each);
            }
        }
        chosen(due, now).forEach(this::contact);
    }

    /** Who failed together with members that are back is tried at once: gossip passes by one member or another. */
    private void removeReturned(long now) {
        List<Attempts> returned =
                attempts.values().stream().filter(this::isBack).toList();
        if (returned.isEmpty()) {
            return;
        }
        for (Attempts back : returned) {
            attempts.remove(back.who.address());
        }
        for (Attempts other : attempts.values()) {
            if (returned.stream().anyMatch(back -> Math.abs(back.sinceNanos - other.sinceNanos) <= baseNanos())) {
                other.again(now + baseNanos() / ROUNDS_PER_INTERVAL);
            }
        }
    }

    private boolean isBack(Attempts failed) {
        MemberRecord record = failed.who.name() == null ? null : context.table().get(failed.who.name());
        return record != null && record.state().isLive();
    }

    /** Finds out who is missing, and gives each of them its next moment. */
    private void plan(long now) {
        Map<InetSocketAddress, Candidate> candidates = candidates(now);
        attempts.keySet().retainAll(candidates.keySet());
        candidates.forEach((address, candidate) ->
                attempts.computeIfAbsent(address, a -> newAttempts(candidate, now)).place = candidate.place());
        if (attempts.isEmpty()) {
            return;
        }
        long firstNanos = now;
        for (Attempts each : attempts.values()) {
            firstNanos = each.sinceNanos - firstNanos < 0 ? each.sinceNanos : firstNanos;
        }
        int live = Math.max(1, context.table().live());
        int rank = rank();
        int index = 0;
        for (Attempts each : attempts.values()) {
            long period = periodNanos(each);
            double part = (index++ + (double) rank / live) / attempts.size();
            each.plan(now, firstNanos + (long) (part * period), period);
        }
    }

    private Attempts newAttempts(Candidate failed, long now) {
        int count = context.loop().random().nextInt(STREAM_EVERY);
        return new Attempts(failed.who(), failed.sinceNanos(), now, count);
    }

    /** {@return how many live members come before this one in the order of names, which is the same at all of them} */
    private int rank() {
        int rank = 0;
        for (MemberRecord record : context.table().records()) {
            rank += record.state().isLive() && record.name().compareTo(context.self()) < 0 ? 1 : 0;
        }
        return rank;
    }

    /** {@return how often a failed member is tried} Where many have failed, those that did so last have not to wait for the others. */
    private long periodNanos(Attempts failed) {
        int limit = context.config().limits().joinConcurrency();
        long period = Formulas.pushPullIntervalNanos(
                PERIOD_HALF_INTERVALS * baseNanos() / 2, context.table().live());
        boolean amongTheLast = failed.place >= attempts.size() - limit;
        return amongTheLast ? period : Math.max(period, attempts.size() * (baseNanos() / PLANS_PER_INTERVAL) / limit);
    }

    /**
     * A failed member.
     *
     * @param sinceNanos when it failed
     * @param place among the others: those that failed last have the highest
     */
    private record Candidate(Recipient who, long sinceNanos, int place) {}

    /** {@return the failed members, by their addresses} */
    private Map<InetSocketAddress, Candidate> candidates(long now) {
        Map<InetSocketAddress, Candidate> missing = new TreeMap<>(AddressOrder.SOCKETS);
        int place = 0;
        for (PushPullNode node : context.tombstones().failed()) {
            InetSocketAddress address = Addresses.of(node.address(), node.port());
            missing.put(address, new Candidate(new Recipient(address, node.name()), now, place++));
        }
        for (MemberRecord record : context.table().failed()) {
            missing.put(record.address(), new Candidate(record.recipient(), record.stateSinceNanos(), place++));
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
    private Set<Attempts> chosen(List<Attempts> due, long now) {
        int limit = context.config().limits().joinConcurrency() - underWay;
        Set<Attempts> chosen = new LinkedHashSet<>();
        due.sort((a, b) -> b.place - a.place);
        Iterator<Attempts> last = due.iterator();
        while (last.hasNext() && chosen.size() < (limit + 1) / 2) {
            chosen.add(last.next());
        }
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
        known.tried(context.loop().nanoTime());
        String text = Addresses.text(known.who.address());
        context.log().debug("attempting to reconnect to {}", text);
        underWay++;
        Completion<Void> outcome = (nothing, failure) -> {
            underWay--;
            if (failure != null) {
                context.log().debug("could not reconnect to {}: {}", text, failure.getMessage());
            } else if (!known.reached) {
                context.log().log(LogEvent.RECONNECTED, known.who.address());
                // What the other side's members answer to their own deaths is worth fetching soon, but only once.
                known.reached = true;
                known.again(context.loop().nanoTime() + context.refutedNanos());
            }
        };
        if (known.count % STREAM_EVERY == 0) {
            rejoin.with(known.who, outcome);
        } else {
            rejoin.ifPacketsPass(known.who, outcome);
        }
    }

    /** When a failed member is tried. */
    private static final class Attempts {
        private final Recipient who;
        private final long sinceNanos;
        private long dueNanos;
        private long triedNanos;
        private long periodNanos;
        private int place;
        private int count;
        private boolean planned;
        private boolean isAgain;
        private boolean reached;

        /** @param count after how many attempts it shall be, as if they had been made */
        Attempts(Recipient who, long sinceNanos, long nowNanos, int count) {
            this.who = who;
            this.sinceNanos = sinceNanos;
            this.triedNanos = nowNanos;
            this.count = count;
        }

        /** Moves the next attempt to the next of the moments that are a period apart, unless it is due already or awaited. */
        void plan(long nowNanos, long oneMomentNanos, long period) {
            boolean isDue = planned && nowNanos - dueNanos >= 0;
            if (isDue || isAgain) {
                return;
            }
            planned = true;
            periodNanos = period;
            long next = nowNanos + Math.floorMod(oneMomentNanos - nowNanos, period);
            // Where members come and go all the time, and the plan with them, each has its turn all the same.
            long latest = triedNanos + 2 * period;
            dueNanos = next - latest < 0 ? next : latest;
        }

        void again(long atNanos) {
            isAgain = true;
            dueNanos = atNanos;
        }

        void tried(long nowNanos) {
            isAgain = false;
            count++;
            triedNanos = nowNanos;
            dueNanos += Math.max(1, (nowNanos - dueNanos) / periodNanos + 1) * periodNanos;
        }
    }
}
