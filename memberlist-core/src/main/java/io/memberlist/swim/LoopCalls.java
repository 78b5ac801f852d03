package io.memberlist.swim;

import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries calls onto the loop, and their outcomes off it, until the member is shut down. Safe from any thread. */
public final class LoopCalls {
    private final EventLoop loop;
    private final String member;
    // In the order of the calls, so that shutdown ends them in that order.
    private final Set<CompletableFuture<?>> outstanding = Collections.synchronizedSet(new LinkedHashSet<>());
    private volatile boolean closed;

    LoopCalls(EventLoop loop, String member) {
        this.loop = loop;
        this.member = member;
    }

    /** Runs an action on the loop; its outcome arrives off the loop, where the application may block. */
    public <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        outstanding.add(result);
        result.whenComplete((value, failure) -> outstanding.remove(result));
        if (closed) {
            result.completeExceptionally(isShutDown());
            return result;
        }
        loop.execute(() -> {
            if (closed || result.isDone()) {
                result.completeExceptionally(isShutDown());
                return;
            }
            CompletableFuture<T> inner = attempt(action);
            inner.whenComplete((value, failure) -> loop.detach(() -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(Causes.unwrap(failure));
                }
            }));
            result.whenComplete((value, failure) -> {
                if (result.isCancelled()) {
                    inner.cancel(false);
                }
            });
        });
        return result;
    }

    /** Refuses calls from now on. */
    public void close() {
        closed = true;
    }

    /** Fails the calls that are under way still, once nothing can end them any more. */
    public void failOutstanding() {
        List<CompletableFuture<?>> all;
        synchronized (outstanding) {
            all = List.copyOf(outstanding);
        }
        all.forEach(future -> future.completeExceptionally(isShutDown()));
    }

    private MemberlistException isShutDown() {
        return new MemberlistException("member '" + member + "' was shut down: restart it, or create a new one");
    }

    private static <T extends @Nullable Object> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> action) {
        try {
            return action.get();
        } catch (Throwable e) {
            // what is asked for may run the application's code, and the caller waits
            return CompletableFuture.failedFuture(e);
        }
    }
}
