package io.memberlist.messaging.message;

/** More messages wait to be sent than may wait; the application is faster than its network. */
public final class OutgoingQueueFullException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public OutgoingQueueFullException(String message) {
        super(message);
    }
}
