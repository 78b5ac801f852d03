package io.memberlist.messaging;

/** The member that was asked has no responder for the topic. */
public final class NoResponderException extends MessagingException {
    private static final long serialVersionUID = 1L;

    NoResponderException(String message) {
        super(message);
    }
}
