package io.memberlist.transport;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Is notified how an operation ended: on the event loop, unless the operation says otherwise. The engine and its layers
 * use no other type for that; futures are for the API, where an outcome leaves the loop.
 *
 * @param <T> what the operation yields; {@link Void} where it yields nothing
 */
@FunctionalInterface
public interface Completion<T> {
    /** Ignores the outcome. */
    Completion<Void> IGNORED = (nothing, failure) -> {};

    /**
     * Is called once, when the operation has ended.
     *
     * @param value what the operation yields; null where it yields nothing or has failed
     * @param failure why the operation failed; null where it succeeded
     */
    void done(@Nullable T value, @Nullable Throwable failure);

    /** {@return a completion that completes the future, with this value where the operation succeeds} */
    static <V extends @Nullable Object> Completion<Void> of(CompletableFuture<V> future, V value) {
        return (nothing, failure) -> {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(failure);
            }
        };
    }
}
