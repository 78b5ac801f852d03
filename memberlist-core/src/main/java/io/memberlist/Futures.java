package io.memberlist;

import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for futures the way the blocking methods of the API do. */
final class Futures {
    private Futures() {}

    /** {@return the future's value} Throws its failure, as a {@link MemberlistException} where it is a checked one. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = Causes.unwrap(e);
            if (cause instanceof RuntimeException unchecked) {
                unchecked.addSuppressed(new MemberlistException("called from here"));
                throw unchecked;
            }
            throw new MemberlistException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }
}
