package io.memberlist.messaging.keys;

import io.memberlist.messaging.message.MessagingException;

/** A step of a key rotation was not begun, since some members have not done the step before. */
public final class KeyStepRefusedException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final transient KeyReport report;

    /**
     * @param message which members are not ready, and the remedy
     * @param report what the members said
     */
    public KeyStepRefusedException(String message, KeyReport report) {
        super(message);
        this.report = report;
    }

    /** {@return what the members said} */
    public KeyReport report() {
        return report;
    }
}
