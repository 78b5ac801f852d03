package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How old an encrypted message may be. Who records messages can send them again, since nothing in them says when they were
 * encrypted. Where there is a limit, that time stands behind each message, under the same encryption. Members of the Go library do not look at
 * what follows a message, and say nothing of the kind themselves: theirs are of any age.
 *
 * @param clock tells the time of day
 * @param maxAge how long ago a message may have been encrypted, by this clock, and how far its time may be ahead of it
 */
public record Freshness(Supplier<Instant> clock, Duration maxAge) {
    /** What a time adds to a message. */
    static final int SIZE = 16;

    /** Begins each time. A message of another member ends so by a chance of one in 2^64. */
    private static final long MARK = 0x9e37_79b9_7f4a_7c15L;

    /** Appends the time. */
    void stamp(Buffer message) {
        message.number(MARK, Long.BYTES);
        message.number(clock.get().toEpochMilli(), Long.BYTES);
    }

    /** {@return where a decrypted message ends that may have a time behind it} */
    static int end(byte[] bytes, int from, int to) {
        return to - from > SIZE && (long) Buffer.LONG.get(bytes, to - SIZE) == MARK ? to - SIZE : to;
    }

    /**
     * Checks the time behind a message, if there is one.
     *
     * @param end where the message ends, and its time begins
     * @param to where the decrypted bytes end
     */
    void check(byte[] bytes, int end, int to) throws WireException {
        if (end == to) {
            return;
        }
        long now = clock.get().toEpochMilli();
        long then = (long) Buffer.LONG.get(bytes, end + Long.BYTES);
        // Compared without a difference, which could overflow.
        if (then < now - maxAge.toMillis() || then > now + maxAge.toMillis()) {
            throw new WireException(
                    Reason.TOO_OLD,
                    "it was encrypted at " + Instant.ofEpochMilli(then) + " by the clock of its sender, and it is "
                            + Instant.ofEpochMilli(now) + " here");
        }
    }
}
