package io.memberlist.sample.network;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads the first bytes of the user messages of the layer for cluster messages. docs/messaging.md describes the
 * envelope byte by byte.
 */
final class EnvelopeHeader {
    private static final byte[] MAGIC = {(byte) 0xf5, 'm', 'l', 'c', 'm'};
    private static final int KIND_AT = 6;
    private static final int BROADCAST = 1;
    private static final int DIGEST = 6;
    private static final int FETCH = 7;
    private static final int INSTANCE_AT = 21;
    private static final int ORDER_AT = 37;

    private EnvelopeHeader() {}

    /** {@return whether it is part of the repair of missed messages, and carries no message} */
    static boolean isDigest(byte[] payload) {
        int kind = kind(payload);
        return kind == DIGEST || kind == FETCH;
    }

    /** {@return the instance and the number of a broadcast in hexadecimal digits, empty for everything else} */
    static String broadcastId(byte[] payload) {
        return kind(payload) == BROADCAST && payload.length >= ORDER_AT
                ? HexFormat.of().formatHex(payload, INSTANCE_AT, ORDER_AT)
                : "";
    }

    private static int kind(byte[] payload) {
        return payload.length > KIND_AT && Arrays.equals(payload, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                ? payload[KIND_AT]
                : 0;
    }
}
