package io.memberlist.messaging.message;

import io.memberlist.member.MemberlistException;

/** A message could not be sent or answered. */
public class MessagingException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and the remedy */
    public MessagingException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, and the remedy
     * @param cause what led to it
     */
    public MessagingException(String message, Throwable cause) {
        super(message, cause);
    }
}
