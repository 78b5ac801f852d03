package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Records which process received which broadcasts, and which ones it must still receive: every running process must
 * receive each broadcast that a running process stores and that is not too old. It is due within a bound after the last
 * fault ended and a process had it.
 *
 * <p>The bound follows from repair by digests alone. When the cluster is quiescent, streams that a fault has stalled
 * end within the TCP timeout, and so does the next one to the same member. Then each member that has a broadcast sends
 * a digest of all it has to one random member, every fifth round of gossip, and every tenth of these when there is
 * nothing new. With a risk of one in a thousand million, that takes a number of {@linkplain GossipRounds rounds},
 * multiplied by the number of packets of the digest. A fetch takes milliseconds. The fetched message may be held back
 * for its order, and has to wait for a handler that has no room. Digests after a push/pull, and fetches for gaps, only make it faster.
 */
public final class DeliveryLedger {
    private static final double RISK = 1e-9;
    private static final int ROUNDS_OF_GOSSIP = 5;
    private static final int QUIET_FACTOR = 10;
    private static final long LEAST_ROUND_NANOS = 200_000_000;
    /** The longest time for which a process may stand still with a message in its socket. */
    private static final long LONGEST_WAY_NANOS = 100_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    /** For so long a handler may have no room, which keeps a broadcast from all handlers, before it counts as hanging. */
    private static final long HANGING_HANDLER_NANOS = 10 * SECOND;

    /** The most bytes that the envelope of a message and its entry in the store take. */
    private static final int AROUND = 600;
    /** The most bytes of a packet that encryption, label, checksum and the header of the digest take. */
    private static final int HEAD = 174;

    private static final int ORIGIN_BYTES = 20;
    private static final int RUN_BYTES = 16;
    private static final int MAX_RUNS = 16;

    private final MemberlistConfig config;
    private final MessagingConfig messaging;
    private final int clockFactor;
    private final GossipRounds spreading = new GossipRounds(RISK);
    private final Map<Long, Integer> bySerial = new HashMap<>();
    private final List<Broadcast> broadcasts = new ArrayList<>();
    private final Map<String, Log> logs = new HashMap<>();
    private final Set<Long> open = new HashSet<>();
    private final Map<Long, String> openOf = new HashMap<>();
    private Observation.@Nullable Quiescent last;
    private Observation.@Nullable Quiescent asked;
    private List<Debt> debts = List.of();
    private long cost;

    /** @param clockFactor the factor by which a process may overestimate an age, because its clock is fast */
    public DeliveryLedger(MemberlistConfig config, int clockFactor) {
        this.config = config;
        this.messaging = ClusterMessaging.of(config).config();
        this.clockFactor = clockFactor;
    }

    private static final class Broadcast {
        final Observation.ClusterMessageSent posted;
        final long costBefore;

        @Nullable
        MessageId id;

        Broadcast(Observation.ClusterMessageSent posted, long costBefore) {
            this.posted = posted;
            this.costBefore = costBefore;
        }

        int cost() {
            return posted.payload().length + AROUND;
        }
    }

    /** The broadcasts that one process received. */
    private static final class Log {
        final BitSet had = new BitSet();
        final BitSet owed = new BitSet();
        final List<Integer> inOrder = new ArrayList<>();
        long[] at = new long[16];
        int repaired;

        void add(int index, long nanos) {
            if (index >= at.length) {
                at = Arrays.copyOf(at, Math.max(index + 1, 2 * at.length));
            }
            had.set(index);
            at[index] = nanos;
            inOrder.add(index);
        }
    }

    /**
     * A broadcast that a process must still receive.
     *
     * @param index the index of the broadcast, in the order of sending
     * @param dueNanos when it is due
     */
    record Debt(String process, int index, Observation.ClusterMessageSent posted, String holder, long dueNanos) {}

    /**
     * The totals of a run.
     *
     * @param posted the number of broadcasts
     * @param pairs the number of pairs of a broadcast and a member, other than its origin, that received it
     * @param repaired the pairs that were repaired after the member had missed the broadcast
     * @param owed the pairs that were still missing when the last fault had ended
     */
    public record Tally(long posted, long pairs, long repaired, long owed) {
        /** No broadcasts. */
        public static final Tally NONE = new Tally(0, 0, 0, 0);

        /** {@return the sum of both} */
        public Tally plus(Tally other) {
            return new Tally(posted + other.posted, pairs + other.pairs, repaired + other.repaired, owed + other.owed);
        }
    }

    /** {@return the totals so far} */
    public Tally tally() {
        long pairs = 0;
        long repaired = 0;
        long owing = 0;
        for (Map.Entry<String, Log> one : logs.entrySet()) {
            for (int index : one.getValue().inOrder) {
                pairs += broadcasts.get(index).posted.observer().equals(one.getKey()) ? 0 : 1;
            }
            repaired += one.getValue().repaired;
            owing += one.getValue().owed.cardinality();
        }
        return new Tally(broadcasts.size(), pairs, repaired, owing);
    }

    /** Takes in the next observation. */
    public void observe(Observation observation) {
        if (observation instanceof Observation.ClusterMessageSent posted) {
            open.add(posted.serial());
            openOf.put(posted.serial(), posted.observer());
            if (posted.kind() == MessageKind.BROADCAST) {
                bySerial.put(posted.serial(), broadcasts.size());
                Broadcast broadcast = new Broadcast(posted, cost);
                broadcasts.add(broadcast);
                cost += broadcast.cost();
            }
        } else if (observation instanceof Observation.ClusterMessageCompleted done) {
            open.remove(done.serial());
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            open.removeIf(serial -> stopped.observer().equals(openOf.get(serial)));
        } else if (observation instanceof Observation.ClusterMessageDelivered delivered) {
            delivered(delivered);
        } else if (observation instanceof Observation.Quiescent settled) {
            last = settled;
        }
    }

    private void delivered(Observation.ClusterMessageDelivered delivered) {
        Integer index = bySerial.get(
                Observation.ClusterMessageSent.serial(delivered.message().payload()));
        if (delivered.message().kind() != MessageKind.BROADCAST || index == null) {
            return;
        }
        broadcasts.get(index).id = delivered.message().id();
        Log log = log(delivered.observer());
        if (!log.had.get(index)) {
            log.add(index, delivered.nanos());
            log.repaired += delivered.message().arrival() == Arrival.REPAIR ? 1 : 0;
        }
    }

    private Log log(String process) {
        return logs.computeIfAbsent(process, one -> new Log());
    }

    /** {@return how many messages and requests of running processes are not completed} */
    public int open() {
        return open.size();
    }

    /** {@return whether any process must still receive a broadcast, as far as is known now} */
    public boolean owes() {
        return last != null && !debts(last).isEmpty();
    }

    /** {@return the broadcasts that processes must still receive} */
    List<Debt> debts(Observation.Quiescent now) {
        if (now != asked) {
            asked = now;
            debts = List.copyOf(reckon(now));
        }
        return debts;
    }

    private List<Debt> reckon(Observation.Quiescent now) {
        Map<String, BitSet> missing = new TreeMap<>();
        for (String process : now.dropped().keySet()) {
            BitSet some = missing(now, process);
            if (!some.isEmpty()) {
                missing.put(process, some);
            }
        }
        if (missing.isEmpty()) {
            return List.of();
        }
        long bound = boundNanos(now.dropped().size(), packets(now));
        List<Debt> all = new ArrayList<>();
        missing.forEach((process, some) -> {
            List<Debt> own = some.stream()
                    .mapToObj(index -> debt(now, process, index, bound))
                    .filter(Objects::nonNull)
                    .toList();
            // A process that does not keep up loses what its queue does not hold, and does not receive it again.
            if (own.size() > now.dropped().get(process)) {
                all.addAll(own);
                own.forEach(debt -> log(process).owed.set(debt.index()));
            }
        });
        return all;
    }

    /** {@return the broadcasts that another running process received and this one did not} */
    private BitSet missing(Observation.Quiescent now, String process) {
        BitSet missing = new BitSet();
        for (String other : now.dropped().keySet()) {
            Log log = logs.get(other);
            if (log != null) {
                missing.or(log.had);
            }
        }
        Log own = logs.get(process);
        if (own != null) {
            missing.andNot(own.had);
        }
        return missing;
    }

    private @Nullable Debt debt(Observation.Quiescent now, String process, int index, long bound) {
        Broadcast broadcast = broadcasts.get(index);
        long age = (now.nanos() - broadcast.posted.nanos()) * clockFactor + SECOND;
        if (age > messaging.storeAge().toNanos() || !isKept(index)) {
            return null;
        }
        String holder = null;
        long since = Long.MAX_VALUE;
        for (String other : now.dropped().keySet()) {
            Log log = logs.get(other);
            if (log != null && log.had.get(index) && log.at[index] < since) {
                holder = other;
                since = log.at[index];
            }
        }
        if (holder == null) {
            return null;
        }
        long from = Math.max(since, now.sinceNanos());
        return new Debt(process, index, broadcast.posted, holder, from + bound);
    }

    /**
     * {@return whether every process that received a broadcast certainly stores it} The oldest make room for the
     * newest. Their apparent age depends on their time in transit, and on clocks.
     */
    private boolean isKept(int index) {
        int first =
                clockFactor > 1 ? 0 : firstSince(broadcasts.get(index).posted.nanos() - LONGEST_WAY_NANOS);
        return cost - broadcasts.get(first).costBefore <= messaging.storeSize();
    }

    private int firstSince(long nanos) {
        int low = 0;
        int high = broadcasts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (broadcasts.get(middle).posted.nanos() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long hold() {
        return Math.max(
                messaging.holdBack().toNanos(), config.network().tcpTimeout().toNanos());
    }

    private long boundNanos(int members, int packets) {
        long round = QUIET_FACTOR
                * Math.max(
                        LEAST_ROUND_NANOS,
                        ROUNDS_OF_GOSSIP * config.gossip().interval().toNanos());
        return 2 * config.network().tcpTimeout().toNanos()
                + hold()
                + HANGING_HANDLER_NANOS
                + SECOND
                + packets * spreading.rounds(members) * round;
    }

    /** {@return the number of packets of the longest digest} */
    private int packets(Observation.Quiescent now) {
        int most = 0;
        for (String process : now.dropped().keySet()) {
            Log log = logs.get(process);
            most = Math.max(most, log == null ? 0 : digestBytes(log));
        }
        return 1 + most / (config.network().udpBufferSize() - HEAD);
    }

    private int digestBytes(Log log) {
        Map<String, TreeSet<Long>> numbers = new TreeMap<>();
        for (int index : log.inOrder) {
            MessageId id = broadcasts.get(index).id;
            if (id != null) {
                numbers.computeIfAbsent(id.origin() + id.instance(), key -> new TreeSet<>())
                        .add(id.number());
            }
        }
        int bytes = 0;
        for (TreeSet<Long> some : numbers.values()) {
            int runs = 0;
            long before = -1;
            for (long number : some) {
                runs += number == before + 1 ? 0 : 1;
                before = number;
            }
            bytes += ORIGIN_BYTES * (1 + runs / MAX_RUNS) + RUN_BYTES * runs;
        }
        return bytes;
    }
}
