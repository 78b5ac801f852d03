package io.memberlist.transport.netty;

import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * The real network. All members of the JVM share a few threads, which start with the first transport and end with the
 * last; each member keeps to one of them, so that its protocol needs no locks. Safe from any thread.
 */
public final class NettyTransportFactory implements TransportFactory {
    /** More streams than this are not accepted at a time: a member exchanges state with a few others, not with all. */
    private static final int ACCEPTED_STREAMS = 1024;

    private static final NettyTransportFactory SHARED = new NettyTransportFactory(IoBackend.best(), ACCEPTED_STREAMS);

    private final IoBackend io;
    private final int acceptedLimit;
    private final SharedThreads threads;

    NettyTransportFactory(IoBackend io, int acceptedLimit) {
        this.io = io;
        this.acceptedLimit = acceptedLimit;
        this.threads = new SharedThreads(io);
    }

    /** {@return the factory of this JVM, on native epoll where that is available} */
    public static NettyTransportFactory shared() {
        return SHARED;
    }

    /** The future completes on the transport's event loop. */
    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        if (bind.isUnresolved()) {
            return CompletableFuture.failedFuture(new TransportException(
                    "cannot bind " + Failures.text(bind) + ": the address is not resolved; give an IP address"));
        }
        SharedThreads.Lease lease;
        try {
            lease = threads.acquire();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(
                    new TransportException("cannot start the network threads: " + Failures.reason(e), e));
        }
        NettyEventLoop loop = new NettyEventLoop(lease);
        CompletableFuture<Transport> result = new CompletableFuture<>();
        loop.execute(() -> new Binder(io, lease.loop(), bind).bind().whenComplete((bound, failure) -> {
            if (failure == null) {
                result.complete(new NettyTransport(io, lease, loop, bound, acceptedLimit));
            } else {
                loop.executeAfterPoll(() -> {
                    loop.shutdown();
                    lease.release();
                    result.completeExceptionally(Binder.unwrap(failure));
                });
            }
        }));
        return result;
    }
}
