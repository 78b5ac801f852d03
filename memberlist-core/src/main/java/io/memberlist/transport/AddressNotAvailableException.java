package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/** A member cannot bind its address because no interface of this machine has it. No other port will help. */
public final class AddressNotAvailableException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message names the address
     * @param cause the platform's own failure, or null where there is none
     */
    public AddressNotAvailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
