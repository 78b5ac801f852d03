package io.memberlist.wire;

/**
 * Bytes that are no message of the protocol, or break one of its bounds. The message names what and where. It carries no
 * stack trace: anybody can send such bytes, in any number, and the message says all there is to know.
 */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param reason which rule was broken
     * @param message what is wrong with the bytes
     */
    public WireException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** {@return which rule was broken} */
    public Reason reason() {
        return reason;
    }

    /** Which rule was broken: few and stable, so that they can be counted. */
    public enum Reason {
        /** Not the MessagePack or the fields that were expected. */
        MALFORMED,
        /** A message type, encryption version or algorithm that is unknown or does not belong here. */
        UNSUPPORTED,
        /** Fewer bytes than were announced. */
        TRUNCATED,
        /** More than {@link WireLimits} allow. */
        TOO_LARGE,
        /** The checksum of a packet does not match. */
        CHECKSUM,
        /** No label where one is wanted, or the wrong one. */
        LABEL,
        /** Not encrypted where it must be, encrypted where it cannot be read, or no key fits. */
        DECRYPT,
        /** Compressed bytes that do not unpack. */
        COMPRESSION,
        /** Encrypted too long ago, or at a time that is yet to come. */
        TOO_OLD
    }
}
