package io.memberlist.interop;

/** A Go node answered a command with an error; the message is the node's own. */
final class GoCommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GoCommandException(String message) {
        super(message);
    }
}
