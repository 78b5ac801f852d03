package io.memberlist.messaging.message;

/** The responder of the member that was asked failed; the message is what it said. */
public final class ResponderException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public ResponderException(String message) {
        super(message);
    }
}
