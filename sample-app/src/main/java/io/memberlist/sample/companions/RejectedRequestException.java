package io.memberlist.sample.companions;

/** Thrown if a request cannot be executed. The message says what, why, and the remedy. */
public final class RejectedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unknown;

    private RejectedRequestException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** {@return the rejection of a request that is impossible now} */
    public static RejectedRequestException because(String message) {
        return new RejectedRequestException(message, false);
    }

    /** {@return the rejection of a request for an unknown name} */
    public static RejectedRequestException unknown(String message) {
        return new RejectedRequestException(message, true);
    }

    /** {@return whether the named member does not exist} */
    public boolean isUnknown() {
        return unknown;
    }
}
