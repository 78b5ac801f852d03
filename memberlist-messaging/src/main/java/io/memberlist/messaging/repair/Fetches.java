package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.outbox.Outbox;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.transport.Completion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks others for broadcasts that were missed, and gives others what they missed. */
public final class Fetches {
    /** The most broadcasts asked for, or given, at once: more would overflow the receiver's socket. */
    static final int MAX_NUMBERS = 512;

    private static final int MAX_PACKETS = 4;

    private static final int MAX_ASKED = 16384;
    private static final long PATIENCE_NANOS = 150_000_000;
    /** How often one member is asked for a broadcast that it says it has, before it is another's turn. */
    private static final int MAX_TIMES = 8;

    private static final long MEMORY_NANOS = 3_000_000_000L;
    private static final int LARGE_BYTES = 64 * 1024;
    private static final int MAX_LARGE_WAITING = 64;
    private static final long GRACE_NANOS = 1_000_000_000;
    private static final long GRACE_NANOS_PER_BYTE = 1000;

    private final ExtensionContext context;
    private final Sending sending;
    private final Outbox outbox;
    private final Store store;
    private final Origins origins;
    private final Refused refused;
    private final Lacking lacking;

    /**
     * What was asked for lately, so that not everybody is asked for the same, nor one who offers what it does not give again
     * and again in place of others. Oldest first.
     */
    private final Map<Wanted, Asked> asked = new LinkedHashMap<>();

    private final Set<String> largeUnderWay = new HashSet<>();

    Fetches(Sending sending, Store store, Origins origins, Refused refused, Lacking lacking) {
        this.context = sending.context();
        this.sending = sending;
        this.outbox = sending.outbox();
        this.store = store;
        this.origins = origins;
        this.refused = refused;
        this.lacking = lacking;
    }

    private record Wanted(Origin origin, long number) implements Comparable<Wanted> {
        @Override
        public int compareTo(Wanted other) {
            int byNumber = Long.compare(number, other.number);
            return byNumber != 0 ? byNumber : origin.compareTo(other.origin);
        }
    }

    private record Asked(String member, int times, long nanos) {}

    /** {@return how many of those that somebody has are missing here, counted up to a bound, whether or not asked for now} */
    int want(Member from, List<Inventory.Entry> there) {
        forgetOld();
        Request request = new Request(from);
        for (Inventory.Entry entry : there) {
            if (!entry.origin().equals(sending.self())) {
                wantOf(entry, request);
            }
        }
        request.send();
        return request.missing;
    }

    /** Asks for some broadcasts of one origin. */
    void ask(Member from, Origin origin, List<Inventory.Run> numbers) {
        forgetOld();
        Request request = new Request(from);
        for (Inventory.Run run : numbers) {
            for (long number = run.from(); number <= run.to() && !request.full(); number++) {
                request.add(origin, number);
            }
        }
        request.send();
    }

    /** Asks an origin not to forget some of its broadcasts, for which there is no room now. */
    void askToKeep(Member home, Inventory.Entry lacked) {
        Inventory later = Inventory.later(sending.self(), List.of(lacked))
                .with(sending.tokens().proofFor(home, 1));
        outbox.toOne(home, later.pack(context.maxPayload(), 1).get(0), Completion.IGNORED);
    }

    private void wantOf(Inventory.Entry entry, Request request) {
        if (entry.runs().isEmpty()) {
            return;
        }
        Origin origin = entry.origin();
        long highest = entry.runs().get(entry.runs().size() - 1).to();
        long first = origins.firstOfInterest(origin, highest);
        for (Inventory.Run run : entry.runs()) {
            long number = nextMissing(origin, Math.max(first, run.from()));
            while (number <= run.to() && !request.full()) {
                if (store.get(origin, number) == null) {
                    request.add(origin, number);
                }
                if (number == Long.MAX_VALUE) {
                    return;
                }
                number = nextMissing(origin, number + 1);
            }
        }
    }

    /** {@return the first number from one on that is missing, and that was not refused for want of room} */
    private long nextMissing(Origin origin, long from) {
        long number = origins.nextMissing(origin, from);
        long other = refused.nextOther(origin, number);
        while (other != number) {
            number = origins.nextMissing(origin, other);
            other = refused.nextOther(origin, number);
        }
        return number;
    }

    /** One fetch in the making. */
    private final class Request {
        private final Member to;
        private final Map<Origin, NumberSet> numbers = new LinkedHashMap<>();
        private int missing;

        Request(Member to) {
            this.to = to;
        }

        boolean full() {
            return missing >= MAX_NUMBERS;
        }

        void add(Origin origin, long number) {
            missing++;
            Wanted wanted = new Wanted(origin, number);
            Asked before = asked.get(wanted);
            long now = context.loop().nanoTime();
            boolean again = before != null && before.member().equals(to.name());
            if (before == null || now - before.nanos() > PATIENCE_NANOS && !(again && before.times() >= MAX_TIMES)) {
                asked.remove(wanted);
                asked.put(wanted, new Asked(to.name(), again ? before.times() + 1 : 1, now));
                numbers.computeIfAbsent(origin, key -> new NumberSet()).add(number);
            }
        }

        void send() {
            if (numbers.isEmpty()) {
                return;
            }
            List<Inventory.Entry> entries = new ArrayList<>();
            numbers.forEach((origin, set) ->
                    entries.addAll(Inventory.Entry.of(origin, set.earliest(MAX_NUMBERS), Inventory.MAX_RUNS)));
            if (outbox.waitingForOne() >= sending.maxCaused()) {
                return;
            }
            Inventory wanted = new Inventory(EnvelopeFormat.FETCH, sending.self(), false, entries)
                    .with(sending.tokens().proofFor(to, MAX_PACKETS));
            for (byte[] message : wanted.pack(context.maxPayload(), MAX_PACKETS)) {
                outbox.toOne(to, message, Completion.IGNORED);
            }
        }
    }

    /** A member did not answer, since it could not know who asked. */
    void forgetAskedOf(Member member) {
        asked.values().removeIf(one -> one.member().equals(member.name()));
    }

    /** What was asked for came, and there was no room for it: the next time it is asked for as soon as there is. */
    void cameInVain(Origin origin, long number) {
        asked.computeIfPresent(
                new Wanted(origin, number),
                (wanted, one) -> new Asked(one.member(), one.times(), one.nanos() - PATIENCE_NANOS));
    }

    private void forgetOld() {
        long now = context.loop().nanoTime();
        Iterator<Asked> oldestFirst = asked.values().iterator();
        while (oldestFirst.hasNext() && (now - oldestFirst.next().nanos() > MEMORY_NANOS || asked.size() > MAX_ASKED)) {
            oldestFirst.remove();
        }
    }

    /** Gives a member what it asks for, as far as it is there, or keeps it where the member has no room yet. */
    public void serve(Member to, Inventory fetch) {
        for (Inventory.Entry entry : fetch.entries()) {
            if (entry.origin().equals(sending.self()) && !entry.runs().isEmpty()) {
                lacking.note(to.name(), entry.runs().get(0).from());
            }
        }
        if (!fetch.later()) {
            give(to, fetch.entries());
        }
    }

    private void give(Member to, List<Inventory.Entry> wanted) {
        int left = MAX_NUMBERS;
        for (Inventory.Entry entry : wanted) {
            for (Inventory.Run run : entry.runs()) {
                for (long number = run.from(); number <= run.to() && left > 0; number++, left--) {
                    Store.Stored stored = store.get(entry.origin(), number);
                    if (stored != null) {
                        give(to, stored);
                    }
                    if (number == Long.MAX_VALUE) {
                        break;
                    }
                }
            }
        }
    }

    private void give(Member to, Store.Stored stored) {
        Envelope envelope = stored.envelope();
        int length = envelope.bytes().length;
        if (context.fitsPacket(length)) {
            if (outbox.waitingForOne() < sending.maxCaused() && outbox.waitingFor(to) < MAX_NUMBERS) {
                sending.counters().repairsSent.increment();
                outbox.toOne(to, repair(stored), Completion.IGNORED);
            }
            return;
        }
        long age = context.loop().nanoTime() - stored.bornNanos();
        if (age < graceNanos(length) || sending.streams().waiting() >= MAX_LARGE_WAITING) {
            return;
        }
        String once = to.name() + "/" + envelope.id();
        if (largeUnderWay.add(once)) {
            sending.counters().repairsSent.increment();
            sending.streams()
                    .send(List.of(to), length, () -> repair(stored), (nothing, failure) -> largeUnderWay.remove(once));
        }
    }

    /**
     * {@return how long a message is left to its own streams before somebody gets it from here} A second for each megabyte: where many large ones come the
     * store does not keep them much longer.
     */
    private long graceNanos(int length) {
        return length <= LARGE_BYTES
                ? 0
                : Math.min(context.streamTimeout().toNanos(), GRACE_NANOS + length * GRACE_NANOS_PER_BYTE);
    }

    private byte[] repair(Store.Stored stored) {
        Envelope envelope = stored.envelope();
        return EnvelopeFormat.passedOn(
                envelope.bytes(),
                envelope.flags() | EnvelopeFormat.REPAIR,
                Math.max(0, envelope.hops() - 1),
                stored.ageMillis(context.loop().nanoTime()),
                HashRange.NONE);
    }
}
