package io.memberlist.transport;

import java.io.IOException;

/** The network would not do what was asked: a port in use, no route, a time-out, a host without address. */
public class TransportException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message the address at fault and what can be done */
    public TransportException(String message) {
        super(message);
    }

    /**
     * @param message the address at fault and what can be done
     * @param cause what the platform said
     */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
