package io.memberlist.messaging.envelope;

import io.memberlist.messaging.metrics.MessageDropReason;

/** Bytes that begin as an envelope and are none. */
public final class EnvelopeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final MessageDropReason reason;

    public EnvelopeException(MessageDropReason reason, String message) {
        // Others can cause any number of these: without a stack trace they cost little.
        super(message, null, false, false);
        this.reason = reason;
    }

    public MessageDropReason reason() {
        return reason;
    }
}
