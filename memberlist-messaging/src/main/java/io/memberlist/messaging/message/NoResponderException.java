package io.memberlist.messaging.message;

/** The member that was asked has no responder for the topic. */
public final class NoResponderException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public NoResponderException(String message) {
        super(message);
    }
}
