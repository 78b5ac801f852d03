package io.memberlist.transport.netty;

import org.jspecify.annotations.Nullable;

/** TLS cannot be used as it is configured. */
final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
