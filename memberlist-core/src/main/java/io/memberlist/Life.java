package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.swim.LoopCalls;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One life of a member, from the binding of its address to its shutdown, which ends the calls that are outstanding.
 */
final class Life {
    private final MemberlistConfig config;
    private final Transport transport;
    private final EventLoop loop;
    private final SwimNode node;
    private final AddressWatch addressWatch;
    private volatile @Nullable CompletableFuture<Void> shutdown;

    /** To be called on the loop, before the node starts. */
    Life(MemberlistConfig config, Transport transport, SwimNode node, AddressWatch addressWatch) {
        this.config = config;
        this.transport = transport;
        this.loop = transport.eventLoop();
        this.node = node;
        this.addressWatch = addressWatch;
    }

    /** {@return the configuration of this life} */
    MemberlistConfig config() {
        return config;
    }

    /** {@return the protocol, which still knows what was known last when this life is over} */
    SwimNode node() {
        return node;
    }

    /** {@return what looks after the address that this member advertises} */
    AddressWatch addressWatch() {
        return addressWatch;
    }

    /** {@return what carries calls onto the loop while this life lasts} */
    LoopCalls calls() {
        return node.calls();
    }

    /** {@return what carries packets and streams} */
    Transport transport() {
        return transport;
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
            node.calls().close();
        }
        loop.execute(() -> {
            addressWatch.stop();
            node.stop();
            transport
                    .close()
                    .whenComplete((nothing, failure) -> loop.detach(() -> {
                        node.calls().failOutstanding();
                        Completion.of(done, null).done(null, failure);
                    }));
        });
        return done;
    }
}
