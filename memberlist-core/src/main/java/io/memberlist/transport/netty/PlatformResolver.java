package io.memberlist.transport.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Finds the addresses of a host name with the platform's resolver, on threads of its own because it blocks. */
final class PlatformResolver {
    private final NettyEventLoop loop;
    private final Executor threads;

    PlatformResolver(NettyEventLoop loop, Executor threads) {
        this.loop = loop;
        this.threads = threads;
    }

    /** {@return the addresses of the host; completed on the loop, or at once for an IP address} */
    CompletableFuture<List<InetAddress>> resolve(String host) {
        if (host.isBlank()) {
            // The platform would take it for loopback.
            return CompletableFuture.failedFuture(
                    Failures.resolve(host, "the name is empty; give a host name or an IP address", null));
        }
        if (isLiteral(host)) {
            try {
                return CompletableFuture.completedFuture(List.of(InetAddress.getByName(host)));
            } catch (UnknownHostException e) {
                return CompletableFuture.failedFuture(Failures.resolve(host, Failures.reason(e), e));
            }
        }
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        try {
            threads.execute(() -> lookUp(host, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(closed(host));
        }
        return result;
    }

    private void lookUp(String host, CompletableFuture<List<InetAddress>> result) {
        Runnable answer;
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
            answer = () -> result.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            // The platform's message is often no more than the name again.
            answer = () -> result.completeExceptionally(Failures.resolve(
                    host, "unknown host, or no name server answered; check the name or give an IP address", e));
        }
        if (!loop.tryExecute(answer)) {
            result.completeExceptionally(closed(host));
        }
    }

    private static Throwable closed(String host) {
        return Failures.resolve(host, Failures.CLOSED, null);
    }

    /** {@return whether the host is an IP address and not a name} */
    static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}
