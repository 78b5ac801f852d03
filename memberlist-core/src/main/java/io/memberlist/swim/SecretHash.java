package io.memberlist.swim;

import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/**
 * Hashes what others choose, by a secret of this process, so that nobody can make many keys collide: a polynomial of the key modulo
 * a prime, at a secret point (Carter and Wegman, 1981). The hashes of two keys are equal with a probability of their length in
 * 2⁶¹, and equal in their highest bits as often as those of random numbers, or twice as often.
 */
final class SecretHash {
    private static final int PRIME_BITS = 61;
    private static final long PRIME = (1L << PRIME_BITS) - 1;

    private final long point;
    private final long factor;

    /** @param random nobody can guess what it gives */
    SecretHash(RandomGenerator random) {
        point = random.nextLong(1 << 16, PRIME);
        factor = random.nextLong() | 1;
    }

    /** {@return the hash of a name; the highest bits are the best} */
    long of(String name) {
        long sum = 1;
        for (int i = 0; i < name.length(); i++) {
            sum = next(sum, name.charAt(i));
        }
        return sum * factor;
    }

    /** {@return the hash of a resolved address; the highest bits are the best} */
    long of(InetSocketAddress address) {
        long sum = next(1, address.getPort());
        for (byte each : address.getAddress().getAddress()) {
            sum = next(sum, each & 0xff);
        }
        return sum * factor;
    }

    private long next(long sum, int part) {
        long high = Math.multiplyHigh(sum, point);
        long low = sum * point;
        long folded = (low & PRIME) + ((low >>> PRIME_BITS) | (high << (Long.SIZE - PRIME_BITS))) + part;
        return folded >= PRIME ? folded - PRIME : folded;
    }
}
