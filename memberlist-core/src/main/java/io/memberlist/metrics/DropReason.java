package io.memberlist.metrics;

import org.slf4j.event.Level;

/** Why something that arrived, or was asked for, was not processed. */
public enum DropReason {
    /** Bytes that are no message. */
    MALFORMED(Level.ERROR),
    /** A message type or wrapper nobody knows. */
    UNSUPPORTED(Level.ERROR),
    /** Above one of the size limits. */
    TOO_LARGE(Level.ERROR),
    /** The checksum does not match. */
    CHECKSUM(Level.WARN),
    /** Another label than ours, or one where we have none. */
    LABEL(Level.ERROR),
    /** Not encrypted with one of our keys. */
    DECRYPT(Level.ERROR),
    /** Compressed bytes that do not unpack. */
    COMPRESSION(Level.ERROR),
    /** A ping meant for somebody else. */
    WRONG_NODE(Level.WARN),
    /** News with an address or port that cannot be one. */
    BAD_ADDRESS(Level.WARN),
    /** An address outside of the allowed networks. */
    NOT_ALLOWED(Level.WARN),
    /** News with protocol versions that make no sense. */
    BAD_VERSIONS(Level.WARN),
    /** News with an incarnation that could never be outbid. */
    BAD_INCARNATION(Level.WARN),
    /** A name that another address already has. */
    NAME_CONFLICT(Level.ERROR),
    /** Refused by the application. */
    VETOED(Level.WARN),
    /** The application, or the loop, did not keep up with user messages. */
    QUEUE_FULL(Level.WARN),
    /** The application did not keep up with membership events, and these came to nothing before it heard of them. */
    EVENT_COLLAPSED(Level.WARN),
    /** A stream that did not deliver a whole message in time. */
    STREAM_TIMEOUT(Level.ERROR),
    /** A stream that broke before a whole message. */
    STREAM_BROKEN(Level.ERROR),
    /** More push/pulls at once than are served. */
    TOO_MANY_PUSH_PULLS(Level.ERROR),
    /** The network did not take a packet. */
    SEND_FAILED(Level.ERROR);

    private final Level level;

    DropReason(Level level) {
        this.level = level;
    }

    /** {@return how loudly it is told: as the Go library tells the same, so that its operators' alarms go on working} */
    public Level level() {
        return level;
    }
}
