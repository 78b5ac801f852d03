package io.memberlist.transport;

/** Why a transport dropped packets, or refused a connection, before the protocol saw anything of them. */
public enum TransportDrop {
    /** Another member, or this one for it, did not prove who it is: no certificate, or one that is not trusted or not valid. */
    NOT_TRUSTED,
    /** The bytes are none of this transport's. */
    MALFORMED,
    /** It is larger than one of the size limits. */
    TOO_LARGE,
    /** The receiver does not take packets as fast as they come. */
    SEND_QUEUE_FULL,
    /** The receiver cannot be reached. */
    UNREACHABLE
}
