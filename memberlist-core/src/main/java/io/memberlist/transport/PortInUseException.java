package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/** A member cannot bind its port because another socket has it, for packets or for streams. Another port may be free. */
public final class PortInUseException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message names the address and the port
     * @param cause the platform's own failure, or null where there is none
     */
    public PortInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
