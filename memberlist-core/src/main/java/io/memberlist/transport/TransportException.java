package io.memberlist.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The network could not do what it was asked to do: connect in time, send a packet, find a host. Failures that callers
 * treat apart from others have subclasses; {@link Causes#find} finds them below whatever wraps them.
 */
public class TransportException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names the address or host at fault and, where there is one, the remedy */
    public TransportException(String message) {
        super(message);
    }

    /**
     * @param message names the address or host at fault and, where there is one, the remedy
     * @param cause the platform's own failure, or null where there is none
     */
    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
