package io.memberlist.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** Creates the transports of members on one network: the real one, one in memory for tests, or one that injects faults. */
@FunctionalInterface
public interface TransportFactory {
    /**
     * Binds an address for packets and streams alike.
     *
     * @param bind the resolved address to listen at; port 0 picks a free port, the same for packets and streams
     * @return the transport; or a {@link PortInUseException}, an {@link AddressNotAvailableException} or another
     *     {@link TransportException} that names the address and the remedy
     */
    CompletableFuture<Transport> open(InetSocketAddress bind);
}
