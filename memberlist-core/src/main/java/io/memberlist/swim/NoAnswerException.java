package io.memberlist.swim;

import io.memberlist.transport.TransportException;

/** The other side took the connection, but did not answer in time. */
final class NoAnswerException extends TransportException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(String message) {
        super(message);
    }
}
