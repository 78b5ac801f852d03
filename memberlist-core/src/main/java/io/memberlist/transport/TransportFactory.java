package io.memberlist.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A network that members live on: the real one, one inside a test, or one that loses and delays. */
@FunctionalInterface
public interface TransportFactory {
    /**
     * Binds an address for packets and streams alike.
     *
     * @param bind the resolved address to listen at; port 0 picks a free one, the same for both
     * @return the transport, or a {@link TransportException} that says why the address cannot be had
     */
    CompletableFuture<Transport> open(InetSocketAddress bind);
}
