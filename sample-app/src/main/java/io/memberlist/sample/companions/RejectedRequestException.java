package io.memberlist.sample.companions;

/** Something was asked that cannot be done. The message says what, why, and what can be done instead. */
public final class RejectedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unknown;

    private RejectedRequestException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** {@return a refusal of something that makes no sense now} */
    public static RejectedRequestException because(String message) {
        return new RejectedRequestException(message, false);
    }

    /** {@return a refusal because nobody has that name} */
    public static RejectedRequestException unknown(String message) {
        return new RejectedRequestException(message, true);
    }

    /** {@return whether what was named does not exist} */
    public boolean isUnknown() {
        return unknown;
    }
}
