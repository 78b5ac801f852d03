package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/**
 * Nobody listens at an address: it refused the connection, or the network knows no way to it. A connection attempt that
 * ran out of time is no such failure, since the other side may live and be cut off.
 */
public final class UnreachableException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message names the address
     * @param cause the platform's own failure, or null where there is none
     */
    public UnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
