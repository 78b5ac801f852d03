package io.memberlist.transport;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Finds out what is behind a failure that other exceptions wrap. */
public final class Causes {
    /** A chain of causes may run in a circle; no honest one is as long as this. */
    private static final int MAX_DEPTH = 64;

    private Causes() {}

    /** {@return the failure itself, without the exceptions that futures wrap it in} */
    public static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            Throwable cause = inner.getCause();
            if (cause == null || !(inner instanceof CompletionException || inner instanceof ExecutionException)) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /**
     * Looks for a kind of failure, as in {@code Causes.find(e, PortInUseException.class) != null}.
     *
     * @return the failure or the first of its causes that is of this type, or null where none is
     */
    public static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
