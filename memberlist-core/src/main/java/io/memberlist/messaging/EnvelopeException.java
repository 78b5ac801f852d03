package io.memberlist.messaging;

/** Bytes that begin as an envelope and are none. */
final class EnvelopeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final MessageDropReason reason;

    EnvelopeException(MessageDropReason reason, String message) {
        // Others can cause any number of these: without a stack trace they cost little.
        super(message, null, false, false);
        this.reason = reason;
    }

    MessageDropReason reason() {
        return reason;
    }
}
