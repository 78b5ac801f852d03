package io.memberlist.transport.netty;

import io.memberlist.transport.Causes;
import io.memberlist.transport.HostAddress;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Creates transports on real sockets. All members of the JVM share a few threads, which start with the first transport and
 * end with the last. Each member stays on one of them, so that its protocol needs no locks. Safe from any thread.
 */
public final class NettyTransportFactory implements TransportFactory {
    /** How many accepted streams may be open at a time. A member exchanges state with a few others at a time, not with all. */
    private static final int ACCEPTED_STREAMS = 2048;

    /** Made when they are needed. */
    private static final class Shared {
        static final NettyTransportFactory INSTANCE = new NettyTransportFactory(IoBackend.best(), ACCEPTED_STREAMS);
    }

    private static final class Daemon {
        static final NettyTransportFactory INSTANCE = new NettyTransportFactory(
                IoBackend.best(), ACCEPTED_STREAMS, SharedThreads.daemon(IoBackend.best()), List.of());
    }

    private final IoBackend io;
    private final int acceptedLimit;
    private final SharedThreads threads;
    private final List<InetAddress> more;

    NettyTransportFactory(IoBackend io, int acceptedLimit) {
        this(io, acceptedLimit, new SharedThreads(io), List.of());
    }

    NettyTransportFactory(IoBackend io, int acceptedLimit, SharedThreads threads, List<InetAddress> more) {
        this.io = io;
        this.acceptedLimit = acceptedLimit;
        this.threads = threads;
        this.more = more;
    }

    /**
     * {@return the factory of this JVM, on native epoll where that is available} The JVM runs until all members are closed that
     * use it.
     */
    public static NettyTransportFactory shared() {
        return Shared.INSTANCE;
    }

    /** {@return as {@link #shared()}, on daemon threads: the JVM may end while members run} */
    public static NettyTransportFactory daemon() {
        return Daemon.INSTANCE;
    }

    /**
     * {@return a factory of transports that also listen at these addresses, at the same port} A member advertises the address
     * it is configured with, and sends from it; the further addresses only receive, and send packets to the other address
     * family.
     */
    public NettyTransportFactory alsoAt(InetAddress... addresses) {
        return new NettyTransportFactory(io, acceptedLimit, threads, List.of(addresses));
    }

    /** The future completes on the transport's event loop. */
    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        return open(bind, true, (backend, loop, bound) -> new UdpTransport(backend, loop, bound, acceptedLimit));
    }

    /** Makes a transport of what was bound. */
    interface Maker {
        Transport make(IoBackend io, NettyEventLoop loop, List<Binder.Bound> bound);
    }

    /** @param udp whether packets have sockets of their own */
    CompletableFuture<Transport> open(InetSocketAddress bind, boolean udp, Maker maker) {
        if (bind.isUnresolved()) {
            return CompletableFuture.failedFuture(new TransportException(
                    "cannot bind " + Failures.text(bind) + ": the address is not resolved; give an IP address"));
        }
        NettyEventLoop loop;
        try {
            loop = new NettyEventLoop(threads.acquire());
        } catch (RuntimeException | OutOfMemoryError e) {
            return CompletableFuture.failedFuture(new TransportException(
                    "cannot start the network threads: " + Failures.reason(e)
                            + "; raise the limits of threads and of open files of this process",
                    e));
        }
        CompletableFuture<Transport> result = new CompletableFuture<>();
        InetSocketAddress address = withIPv6IfThereIsNothingElse(bind);
        loop.execute(() -> new Binder(io, loop.netty(), udp).bind(address, more).whenComplete((bound, failure) -> {
            if (failure == null) {
                result.complete(maker.make(io, loop, bound));
            } else {
                loop.executeAfterPoll(() -> {
                    loop.shutdown();
                    result.completeExceptionally(Causes.unwrap(failure));
                });
            }
        }));
        return result;
    }

    /**
     * {@return {@code ::} instead of {@code 0.0.0.0} where no network is reached by IPv4} The second stands for all addresses of
     * the machine, but receives IPv4 only. The first receives both, so it will do if an IPv4 address comes later.
     */
    private static InetSocketAddress withIPv6IfThereIsNothingElse(InetSocketAddress bind) {
        if (!bind.getAddress().isAnyLocalAddress() || bind.getAddress() instanceof Inet6Address) {
            return bind;
        }
        boolean ipv4 = false;
        boolean ipv6 = false;
        for (HostInterface each : HostInterface.ofThisMachine()) {
            for (HostAddress address : each.addresses()) {
                InetAddress ip = address.ip();
                boolean network = each.kind() == HostInterface.Kind.NETWORK || address.leadsOut();
                ipv4 |= ip instanceof Inet4Address && each.up() && network && !ip.isLinkLocalAddress();
                ipv6 |= ip instanceof Inet6Address;
            }
        }
        return ipv4 || !ipv6 ? bind : new InetSocketAddress("::", bind.getPort());
    }
}
