package io.memberlist.wire;

/**
 * How much one peer may make this member hold. Sizes are bytes.
 *
 * @param maxUserState the application state in one push/pull
 * @param maxUserMessage one user message on a stream
 * @param maxPushPullNodes members in one push/pull
 * @param maxDecompressed what a compressed message may unpack to
 * @param maxEncrypted one encrypted frame on a stream
 */
public record WireLimits(
        int maxUserState, int maxUserMessage, int maxPushPullNodes, int maxDecompressed, int maxEncrypted) {
    private static final int MIB = 1024 * 1024;

    /** The bounds of the Go library. */
    public static final WireLimits DEFAULT = new WireLimits(20 * MIB, 20 * MIB, MIB, 40 * MIB, 20 * MIB);

    /** Refuses bounds that are not positive. */
    public WireLimits {
        if (maxUserState <= 0
                || maxUserMessage <= 0
                || maxPushPullNodes <= 0
                || maxDecompressed <= 0
                || maxEncrypted <= 0) {
            throw new IllegalArgumentException("every wire limit must be positive");
        }
    }
}
