package io.memberlist.swim;

import io.memberlist.wire.WireException;

/** What undecodable bytes count as. */
final class WireFaults {
    private WireFaults() {}

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
