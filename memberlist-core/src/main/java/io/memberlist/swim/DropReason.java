package io.memberlist.swim;

/** Why something that arrived, or was asked for, was not processed. */
public enum DropReason {
    /** Bytes that are no message. */
    MALFORMED,
    /** A message type or wrapper nobody knows. */
    UNSUPPORTED,
    /** Above one of the size limits. */
    TOO_LARGE,
    /** The checksum does not match. */
    CHECKSUM,
    /** Another label than ours, or one where we have none. */
    LABEL,
    /** Not encrypted with one of our keys. */
    DECRYPT,
    /** Compressed bytes that do not unpack. */
    COMPRESSION,
    /** A ping meant for somebody else. */
    WRONG_NODE,
    /** News with an address or port that cannot be one. */
    BAD_ADDRESS,
    /** An address outside of the allowed networks. */
    NOT_ALLOWED,
    /** News with protocol versions that make no sense. */
    BAD_VERSIONS,
    /** News with an incarnation that could never be outbid. */
    BAD_INCARNATION,
    /** A name that another address already has. */
    NAME_CONFLICT,
    /** Refused by the application. */
    VETOED,
    /** The application did not keep up with user messages. */
    QUEUE_FULL,
    /** The application did not keep up with membership events, and these came to nothing before it heard of them. */
    EVENT_COLLAPSED,
    /** A stream that did not deliver a whole message in time. */
    STREAM_TIMEOUT,
    /** A stream that broke before a whole message. */
    STREAM_BROKEN,
    /** More push/pulls at once than are served. */
    TOO_MANY_PUSH_PULLS,
    /** The network did not take a packet. */
    SEND_FAILED
}
