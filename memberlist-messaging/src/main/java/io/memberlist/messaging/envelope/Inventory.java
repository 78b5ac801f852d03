package io.memberlist.messaging.envelope;

import io.memberlist.messaging.metrics.MessageDropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Broadcasts by their numbers: what a member has in its store (a digest), or what it wants (a fetch).
 *
 * @param kind digest or fetch
 * @param sender who says so
 * @param flags what the receiver is asked to do
 * @param entries by origin
 * @param proof that the sender is at its address
 */
public record Inventory(int kind, Origin sender, int flags, List<Entry> entries, Proof proof) {
    static final int MAX_ENTRIES = 1024;
    /** As many as fit the smallest packet beside a name. */
    public static final int MAX_RUNS = 16;

    private static final int REPLY_WANTED = 1;
    private static final int LATER = 8;
    private static final int GIVES_TOKEN = 16;
    private static final int SHOWS_TOKEN = 32;
    private static final int ASK_AGAIN = 64;
    private static final int RUN_BYTES = 16;

    /** A digest, or a fetch that is to be answered. */
    public Inventory(int kind, Origin sender, boolean replyWanted, List<Entry> entries) {
        this(kind, sender, replyWanted ? REPLY_WANTED : 0, entries, Proof.NONE);
    }

    /** {@return the same, with a proof} */
    public Inventory with(Proof other) {
        return new Inventory(kind, sender, flags, entries, other);
    }

    /** {@return a fetch for later} */
    public static Inventory later(Origin sender, List<Entry> entries) {
        return new Inventory(EnvelopeFormat.FETCH, sender, LATER, entries, Proof.NONE);
    }

    /** {@return a digest that answers a question without a valid proof, and gives the token for one} */
    public static Inventory askAgain(Origin sender, Proof proof) {
        return new Inventory(EnvelopeFormat.DIGEST, sender, ASK_AGAIN, List.of(), proof);
    }

    /** {@return whether a digest shall be answered with a digest} */
    public boolean replyWanted() {
        return (flags & REPLY_WANTED) != 0;
    }

    /** {@return whether a fetch is not to be answered yet: its sender has no room, and asks to keep the broadcasts} */
    public boolean later() {
        return (flags & LATER) != 0;
    }

    /** {@return whether a digest says nothing, but asks to repeat a question with the token that it gives} */
    public boolean askAgain() {
        return (flags & ASK_AGAIN) != 0;
    }

    /**
     * An unbroken run.
     *
     * @param from the first
     * @param to the last, not below the first
     */
    public record Run(long from, long to) {}

    /**
     * Numbers of one origin.
     *
     * @param runs unbroken, none empty
     */
    public record Entry(Origin origin, List<Run> runs) {
        /** {@return as many entries as it takes for all these runs} */
        public static List<Entry> of(Origin origin, List<Run> runs, int maxRuns) {
            List<Entry> entries = new ArrayList<>();
            for (int from = 0; from < runs.size(); from += maxRuns) {
                entries.add(new Entry(origin, runs.subList(from, Math.min(runs.size(), from + maxRuns))));
            }
            return entries;
        }

        int encodedLength() {
            return 2 + EnvelopeFormat.utf8(origin.name()).length + 8 + 1 + runs.size() * RUN_BYTES;
        }
    }

    private int headerLength() {
        return EnvelopeFormat.KIND_AT
                + 1
                + 1
                + 2
                + EnvelopeFormat.utf8(sender.name()).length
                + 8
                + 2
                + (proof.given() == 0 ? 0 : 8)
                + (proof.shown() == 0 ? 0 : 16);
    }

    /**
     * {@return this in messages that fit packets} What is beyond the bounds is left out, and only the first message asks for a
     * reply.
     */
    public List<byte[]> pack(int room, int maxMessages) {
        List<byte[]> messages = new ArrayList<>();
        List<Entry> some = new ArrayList<>();
        int used = headerLength();
        for (Entry entry : entries) {
            int length = entry.encodedLength();
            if (used + length > room && !some.isEmpty()) {
                messages.add(part(some, messages.size()));
                if (messages.size() == maxMessages) {
                    return messages;
                }
                some = new ArrayList<>();
                used = headerLength();
            }
            if (used + length <= room && some.size() < MAX_ENTRIES) {
                some.add(entry);
                used += length;
            }
        }
        if (!some.isEmpty() || messages.isEmpty()) {
            messages.add(part(some, messages.size()));
        }
        return messages;
    }

    private byte[] part(List<Entry> some, int before) {
        int flagsHere = before == 0 ? flags : flags & ~REPLY_WANTED;
        return new Inventory(kind, sender, flagsHere, some, proof.plus(before)).toBytes();
    }

    public byte[] toBytes() {
        int size = headerLength();
        for (Entry entry : entries) {
            size += entry.encodedLength();
        }
        boolean gives = proof.given() != 0;
        boolean shows = proof.shown() != 0;
        int allFlags = flags | EnvelopeFormat.TAKES_BUNDLES | (gives ? GIVES_TOKEN : 0) | (shows ? SHOWS_TOKEN : 0);
        ByteBuffer out = EnvelopeFormat.begun(kind, allFlags, size);
        put(out, sender);
        out.putShort((short) entries.size());
        for (Entry entry : entries) {
            put(out, entry.origin());
            out.put((byte) entry.runs().size());
            entry.runs().forEach(run -> out.putLong(run.from()).putLong(run.to()));
        }
        if (gives) {
            out.putLong(proof.given());
        }
        if (shows) {
            out.putLong(proof.shown()).putLong(proof.number());
        }
        return out.array();
    }

    private static void put(ByteBuffer out, Origin origin) {
        byte[] name = EnvelopeFormat.utf8(origin.name());
        out.putShort((short) name.length).put(name).putLong(origin.instance());
    }

    public static Inventory read(byte[] bytes) throws EnvelopeException {
        int kind = EnvelopeFormat.kind(bytes);
        EnvelopeReader in = new EnvelopeReader(bytes, EnvelopeFormat.KIND_AT + 1);
        int flags = in.u8();
        Origin sender = origin(in);
        int count = in.u16();
        if (count > MAX_ENTRIES) {
            throw new EnvelopeException(MessageDropReason.TOO_LARGE, count + " origins");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Origin origin = origin(in);
            int runCount = in.u8();
            if (runCount > MAX_RUNS) {
                throw new EnvelopeException(MessageDropReason.TOO_LARGE, runCount + " runs");
            }
            List<Run> runs = new ArrayList<>();
            long last = 0;
            for (int j = 0; j < runCount; j++) {
                long from = in.u64();
                long to = in.u64();
                if (from <= last || to < from) {
                    throw EnvelopeReader.malformed("numbers from " + from + " to " + to + " after " + last);
                }
                last = to;
                runs.add(new Run(from, to));
            }
            entries.add(new Entry(origin, runs));
        }
        long given = (flags & GIVES_TOKEN) == 0 ? 0 : in.u64();
        boolean shows = (flags & SHOWS_TOKEN) != 0;
        Proof proof = new Proof(given, shows ? in.u64() : 0, shows ? in.u64() : 0);
        if (!in.atEnd()) {
            throw EnvelopeReader.malformed("more than it announces");
        }
        return new Inventory(kind, sender, flags & (REPLY_WANTED | LATER | ASK_AGAIN), entries, proof);
    }

    private static Origin origin(EnvelopeReader in) throws EnvelopeException {
        String name = in.text(in.u16(), 1, EnvelopeFormat.ORIGIN_MAX_BYTES, "origin");
        return new Origin(name, in.u64());
    }
}
