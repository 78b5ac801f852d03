package io.memberlist.messaging.outbox;

import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.envelope.Proof;
import io.memberlist.transport.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells the questions of members from those that others forged or recorded: a question is answered only if it returns a token
 * that was sent to the address of its sender. So nobody can have answers sent to a third member. It is the address validation
 * of QUIC (RFC 9000, section 8.1). The tokens that this member gives are computed and not stored.
 */
public final class Tokens {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int MAX_REMEMBERED = 65536;

    private final EventLoop loop;
    private final Map<String, Held> held = bounded();
    private final Map<Origin, Numbers> numbers = bounded();
    private long secret;

    Tokens(EventLoop loop) {
        this.loop = loop;
    }

    /** What another member gave. */
    private static final class Held {
        long token;
        long number;
        boolean asked;
    }

    /** The numbers of one life of a member: the highest, and which of the 64 up to it came, as IPsec remembers them. */
    private static final class Numbers {
        private long highest;
        private long seen;

        boolean add(long number) {
            if (number > highest) {
                long steps = number - highest;
                seen = steps < Long.SIZE ? seen << steps | 1 : 1;
                highest = number;
                return true;
            }
            long back = highest - number;
            boolean isNew = number > 0 && back < Long.SIZE && (seen >> back & 1) == 0;
            seen |= isNew ? 1L << back : 0;
            return isNew;
        }
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MAX_REMEMBERED;
            }
        };
    }

    /** {@return the proof for so many messages to a member; each of them takes the next number} */
    public Proof proofFor(Member receiver, int messages) {
        Held one = held.computeIfAbsent(receiver.name(), name -> new Held());
        one.asked = true;
        long first = one.number + 1;
        one.number += messages;
        return new Proof(given(receiver.name()), one.token, first);
    }

    /**
     * Takes the token that a member of the cluster gives. One that is known is replaced only by a message that proves where it
     * comes from, or that answers a question: a forged one must not end the repair between two members.
     *
     * @return whether its message returns the token of this member, and is not a recorded one
     */
    public boolean proves(Inventory message) {
        Proof proof = message.proof();
        String sender = message.sender().name();
        boolean proved = proof.shown() == given(sender)
                && numbers.computeIfAbsent(message.sender(), origin -> new Numbers())
                        .add(proof.number());
        if (proof.given() != 0) {
            Held one = held.computeIfAbsent(sender, name -> new Held());
            if (proved || one.token == 0 || message.askAgain() && one.asked) {
                one.token = proof.given();
            }
            if (proved && !message.askAgain()) {
                one.asked = false;
            }
        }
        return proved;
    }

    /** {@return whether a member was asked anything since the last call, and so is asked again if it says so} */
    public boolean takeAsked(Member member) {
        Held one = held.get(member.name());
        boolean asked = one != null && one.asked;
        if (asked) {
            one.asked = false;
        }
        return asked;
    }

    private long given(String name) {
        while (secret == 0) {
            secret = loop.random().nextLong();
        }
        long token = mixed(secret ^ mixed((long) name.hashCode() << Integer.SIZE | HashRange.hash(name)));
        return token == 0 ? GOLDEN : token;
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
