package io.memberlist.metrics;

/** Why something that arrived or that the application asked for was not processed. */
public enum DropReason {
    /** The bytes are no message. */
    MALFORMED,
    /** The type of the message or of its wrapper is unknown. */
    UNSUPPORTED,
    /** It is larger than one of the size limits. */
    TOO_LARGE,
    /** The checksum does not match. */
    CHECKSUM,
    /** The label is another one than this member's, or this member has none. */
    LABEL,
    /** None of this member's keys decrypts it. */
    DECRYPT,
    /** It was encrypted longer ago than is allowed, so it was recorded and sent again, or a clock is wrong. */
    TOO_OLD,
    /** The compressed bytes cannot be decompressed. */
    COMPRESSION,
    /** A ping names another member. */
    WRONG_NODE,
    /** A message about a member has an invalid address or port. */
    BAD_ADDRESS,
    /** The address is outside of the allowed networks. */
    NOT_ALLOWED,
    /** A message about a member has contradictory protocol versions. */
    BAD_VERSIONS,
    /** A message about a member has an incarnation that could never be refuted. */
    BAD_INCARNATION,
    /** As many members are known as the limit allows. */
    TOO_MANY_MEMBERS,
    /** A stranger told of a newcomer, which did not answer, or of more than are asked. */
    UNKNOWN_NEWCOMER,
    /** Another address already has the name. */
    NAME_CONFLICT,
    /** The application refused the member or the merge. */
    VETOED,
    /** The application, or the loop, did not keep up with user messages. */
    QUEUE_FULL,
    /** The application did not keep up with membership events, and these cancelled each other out before it was notified. */
    EVENT_COLLAPSED,
    /** A stream did not deliver a whole message in time. */
    STREAM_TIMEOUT,
    /** A stream broke before a whole message. */
    STREAM_BROKEN,
    /** More push/pulls were begun than are served at the same time. */
    TOO_MANY_PUSH_PULLS,
    /** It asked for more answers than its sender is given. */
    RATE_LIMITED,
    /** The network did not accept a packet. */
    SEND_FAILED,
    /** One side of a TLS connection did not prove who it is: no certificate, or one that is not trusted or not valid. */
    NOT_TRUSTED,
    /** The receiver did not take packets as fast as they came. */
    SEND_QUEUE_FULL
}
