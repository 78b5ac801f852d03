package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/** Hears how an attempt to send ended. */
@FunctionalInterface
public interface Completion {
    /** For senders that do not mind. */
    Completion IGNORED = failure -> {};

    /** @param failure what went wrong, or null when the bytes have left */
    void done(@Nullable Throwable failure);
}
