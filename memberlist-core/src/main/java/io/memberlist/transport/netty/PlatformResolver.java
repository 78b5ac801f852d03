package io.memberlist.transport.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Finds the addresses of a host name with the platform's resolver, on threads of its own because it blocks. */
record PlatformResolver(NettyEventLoop loop) {
    /** {@return the addresses of the host; completed on the loop, or at once for an IP address} */
    CompletableFuture<List<InetAddress>> resolve(String host) {
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        try {
            if (host.isBlank()) {
                // The platform would take it for loopback.
                throw new UnknownHostException("the name is empty; give a host name or an IP address");
            }
            if (isLiteral(host)) {
                result.complete(List.of(InetAddress.getByName(host)));
            } else {
                loop.resolvers().execute(() -> lookUp(host, result));
            }
        } catch (UnknownHostException e) {
            result.completeExceptionally(Failures.resolve(host, Failures.reason(e), e));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(Failures.resolve(host, Failures.CLOSED, e));
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
            result.completeExceptionally(Failures.resolve(host, Failures.CLOSED, null));
        }
    }

    /** {@return whether the host is an IP address and not a name} */
    static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}
