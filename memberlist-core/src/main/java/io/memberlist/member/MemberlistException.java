package io.memberlist.member;

/**
 * Thrown when what the application asked for cannot be done. The message names the value, the limit and the remedy.
 */
public class MemberlistException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the value at fault, the limit it broke and what to do */
    public MemberlistException(String message) {
        super(message);
    }

    /**
     * @param message the value at fault, the limit it broke and what to do
     * @param cause why
     */
    public MemberlistException(String message, Throwable cause) {
        super(message, cause);
    }
}
