package io.memberlist.logging;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a failure in the log whose message, or that of a cause, may quote what others wrote: with the text of the failure
 * made {@linkplain LogText printable}, and with its stack trace.
 */
final class PrintableFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Frameworks quote whole lists of beans; names, topics and payloads of others are shorter, or cut. */
    private static final int MAX_MESSAGE = 2048;

    private static final int MAX_FRAMES = 128;
    private static final int MAX_CAUSES = 8;

    private PrintableFailure(Throwable failure, @Nullable Throwable cause) {
        super(LogText.printable(failure, MAX_MESSAGE), cause);
        StackTraceElement[] frames = failure.getStackTrace();
        setStackTrace(frames.length > MAX_FRAMES ? Arrays.copyOf(frames, MAX_FRAMES) : frames);
    }

    /** {@return the failure itself if it is short and all of its text can be printed, which is usual} */
    static Throwable of(Throwable failure) {
        return isPrintable(failure, MAX_CAUSES) ? failure : copy(failure, MAX_CAUSES);
    }

    private static boolean isPrintable(Throwable failure, int causesLeft) {
        Throwable cause = failure.getCause();
        String text = String.valueOf(failure);
        return causesLeft > 0
                && failure.getStackTrace().length <= MAX_FRAMES
                && LogText.printable(text, MAX_MESSAGE).equals(text)
                && (cause == null || isPrintable(cause, causesLeft - 1))
                && Arrays.stream(failure.getSuppressed()).allMatch(other -> isPrintable(other, causesLeft - 1));
    }

    private static Throwable copy(Throwable failure, int causesLeft) {
        Throwable cause = failure.getCause();
        return new PrintableFailure(failure, cause == null || causesLeft == 0 ? null : copy(cause, causesLeft - 1));
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
