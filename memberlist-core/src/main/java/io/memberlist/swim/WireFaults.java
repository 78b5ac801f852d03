package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.wire.WireException;

/** What undecodable bytes count as. */
final class WireFaults {
    private WireFaults() {}

    /** {@return what became of a packet, as the Go library words it in its log} */
    static String inPacket(WireException fault) {
        return switch (fault.reason()) {
            case DECRYPT -> "Decrypt packet failed";
            case CHECKSUM -> "Got invalid checksum for UDP packet";
            case COMPRESSION -> "Failed to decompress payload";
            case MALFORMED, TRUNCATED, TOO_LARGE -> "Failed to decode packet";
            case UNSUPPORTED, LABEL -> "discarding packet";
        };
    }

    static DropReason reason(WireException fault) {
        return switch (fault.reason()) {
            case MALFORMED, TRUNCATED -> DropReason.MALFORMED;
            case UNSUPPORTED -> DropReason.UNSUPPORTED;
            case TOO_LARGE -> DropReason.TOO_LARGE;
            case CHECKSUM -> DropReason.CHECKSUM;
            case LABEL -> DropReason.LABEL;
            case DECRYPT -> DropReason.DECRYPT;
            case COMPRESSION -> DropReason.COMPRESSION;
        };
    }
}
