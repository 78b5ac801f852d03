package io.memberlist.metrics;

import org.slf4j.event.Level;

/** Why something that arrived or that the application asked for was not processed. */
public enum DropReason {
    /** The bytes are no message. */
    MALFORMED(Level.ERROR),
    /** The type of the message or of its wrapper is unknown. */
    UNSUPPORTED(Level.ERROR),
    /** It is larger than one of the size limits. */
    TOO_LARGE(Level.ERROR),
    /** The checksum does not match. */
    CHECKSUM(Level.WARN),
    /** The label is another one than this member's, or this member has none. */
    LABEL(Level.ERROR),
    /** None of this member's keys decrypts it. */
    DECRYPT(Level.ERROR),
    /** The compressed bytes cannot be decompressed. */
    COMPRESSION(Level.ERROR),
    /** A ping names another member. */
    WRONG_NODE(Level.WARN),
    /** A message about a member has an invalid address or port. */
    BAD_ADDRESS(Level.WARN),
    /** The address is outside of the allowed networks. */
    NOT_ALLOWED(Level.WARN),
    /** A message about a member has contradictory protocol versions. */
    BAD_VERSIONS(Level.WARN),
    /** A message about a member has an incarnation that could never be refuted. */
    BAD_INCARNATION(Level.WARN),
    /** Another address already has the name. */
    NAME_CONFLICT(Level.ERROR),
    /** The application refused the member or the merge. */
    VETOED(Level.WARN),
    /** The application, or the loop, did not keep up with user messages. */
    QUEUE_FULL(Level.WARN),
    /** The application did not keep up with membership events, and these cancelled each other out before it was notified. */
    EVENT_COLLAPSED(Level.WARN),
    /** A stream did not deliver a whole message in time. */
    STREAM_TIMEOUT(Level.ERROR),
    /** A stream broke before a whole message. */
    STREAM_BROKEN(Level.ERROR),
    /** More push/pulls were begun than are served at the same time. */
    TOO_MANY_PUSH_PULLS(Level.ERROR),
    /** The network did not accept a packet. */
    SEND_FAILED(Level.ERROR);

    private final Level level;

    DropReason(Level level) {
        this.level = level;
    }

    /** {@return the level at which it is logged: that of the Go library, so that alarms on its log go on working} */
    public Level level() {
        return level;
    }
}
