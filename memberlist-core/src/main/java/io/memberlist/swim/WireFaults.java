package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.wire.WireException;

/** What undecodable bytes count as. */
final class WireFaults {
    private WireFaults() {}

    /** {@return what became of a packet} */
    static LogEvent inPacket(WireException fault) {
        return switch (fault.reason()) {
            case DECRYPT -> LogEvent.PACKET_DECRYPT;
            case CHECKSUM -> LogEvent.PACKET_CHECKSUM;
            case COMPRESSION -> LogEvent.PACKET_COMPRESSION;
            case MALFORMED, TRUNCATED, TOO_LARGE -> LogEvent.PACKET_MALFORMED;
            case UNSUPPORTED, LABEL, TOO_OLD -> LogEvent.PACKET_DISCARDED;
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
            case TOO_OLD -> DropReason.TOO_OLD;
        };
    }
}
