package io.memberlist.wire;

/** Bytes that are no message of the protocol, or break one of its bounds. The message names what and where. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with the bytes */
    public WireException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong with the bytes
     * @param cause what the codec said
     */
    public WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
