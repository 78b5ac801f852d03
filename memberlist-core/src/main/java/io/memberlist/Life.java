package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.MessagingNode;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a member, from the binding of its address to its shutdown. Carries calls onto the protocol's loop and their
 * outcomes off it, and ends those that are outstanding when it ends.
 */
final class Life {
    private final MemberlistConfig config;
    private final Transport transport;
    private final EventLoop loop;
    private final SwimNode node;
    private final MessagingNode messaging;
    // In the order of the calls, so that shutdown ends them in that order.
    private final Set<CompletableFuture<?>> outstanding = Collections.synchronizedSet(new LinkedHashSet<>());
    private volatile @Nullable CompletableFuture<Void> shutdown;

    /** To be called on the loop, before the node starts. */
    Life(MemberlistConfig config, Transport transport, SwimNode node) {
        this.config = config;
        this.transport = transport;
        this.loop = transport.eventLoop();
        this.node = node;
        this.messaging = new MessagingNode(new MessagingBridge(config, loop, node, this::onLoop), config);
        if (config.messaging().enabled()) {
            node.userMessageListener(MessagingBridge.listener(messaging));
        }
    }

    /** {@return the configuration of this life} */
    MemberlistConfig config() {
        return config;
    }

    /** {@return the protocol, which still knows what was known last when this life is over} */
    SwimNode node() {
        return node;
    }

    MessagingNode messaging() {
        return messaging;
    }

    /** {@return the port that was bound, also where the configuration lets the system pick one} */
    int boundPort() {
        return transport.boundAddress().getPort();
    }

    /** {@return whether the shutdown has not been called} */
    boolean isRunning() {
        return shutdown == null;
    }

    /** {@return completed when the sockets are closed and no call is outstanding} */
    CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done;
        synchronized (this) {
            if (shutdown != null) {
                return shutdown;
            }
            done = new CompletableFuture<>();
            shutdown = done;
        }
        loop.execute(() -> {
            messaging.stop();
            node.stop();
            transport
                    .close()
                    .whenComplete((nothing, failure) -> loop.detach(() -> {
                        outstandingNow().forEach(future -> future.completeExceptionally(isShutDown()));
                        if (failure == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    }));
        });
        return done;
    }

    private List<CompletableFuture<?>> outstandingNow() {
        synchronized (outstanding) {
            return List.copyOf(outstanding);
        }
    }

    /** Runs an action on the loop; its outcome arrives off the loop, where the application may block. */
    <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        outstanding.add(result);
        result.whenComplete((value, failure) -> outstanding.remove(result));
        if (shutdown != null) {
            result.completeExceptionally(isShutDown());
            return result;
        }
        loop.execute(() -> {
            if (shutdown != null || result.isDone()) {
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

    private static <T extends @Nullable Object> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> action) {
        try {
            return action.get();
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private MemberlistException isShutDown() {
        return new MemberlistException(
                "member '" + config.nodeName() + "' was shut down: restart it, or create a new one");
    }
}
