package io.memberlist.sample.companions;

/** Something was asked that cannot be done. The message says what, why, and what can be done instead. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unknown;

    private Refusal(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** {@return a refusal of something that makes no sense now} */
    public static Refusal because(String message) {
        return new Refusal(message, false);
    }

    /** {@return a refusal because nobody has that name} */
    public static Refusal unknown(String message) {
        return new Refusal(message, true);
    }

    /** {@return whether what was named does not exist} */
    public boolean isUnknown() {
        return unknown;
    }
}
