package io.memberlist.messaging.envelope;

import java.nio.charset.StandardCharsets;

/**
 * Members by the hash of their names, both ends included: how a member says whom another shall pass a message on to
 * without naming them.
 *
 * @param low 0 to 2^32 - 1
 * @param high 0 to 2^32 - 1
 */
public record HashRange(long low, long high) {
    /** Nobody: what most messages carry. */
    public static final HashRange NONE = new HashRange(0, 0);

    public static final HashRange ALL = new HashRange(0, 0xffffffffL);

    private static final long FNV_OFFSET = 0x811c9dc5L;
    private static final long FNV_PRIME = 0x01000193L;

    public boolean isNone() {
        return high == 0 || low > high;
    }

    public boolean contains(HashRange other) {
        return low <= other.low && other.high <= high;
    }

    public boolean covers(String name) {
        long hash = hash(name);
        return !isNone() && low <= hash && hash <= high;
    }

    /** {@return FNV-1a of the name in UTF-8, 32 bits} */
    public static long hash(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = ((hash ^ (b & 0xff)) * FNV_PRIME) & 0xffffffffL;
        }
        return hash;
    }
}
