package io.memberlist.transport.netty;

import io.memberlist.transport.tls.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a transport over TCP is made of.
 *
 * @param type what the transport is called
 * @param tls null for none
 * @param maxPacketSize the largest packet that is sent or taken, in bytes
 * @param maxConnections how many connections to others carry packets at a time
 * @param maxQueueBytes how much waits to be sent to one member
 * @param maxHeldBytes how much of packets that are not whole is held for all others together, and of packets that each have a
 *     connection
 * @param daemon whether the JVM may end while the transport is open
 * @param patience how long who has connected may take until the first packet is whole, and for each after it
 */
record TcpOptions(
        String type,
        @Nullable TlsSettings tls,
        int maxPacketSize,
        int maxConnections,
        long maxQueueBytes,
        long maxHeldBytes,
        Duration patience,
        boolean daemon) {
    static final String TLS = "tls";
    static final String TCP = "tcp";

    Framing framing() {
        return type.equals(TLS) ? new AlertmanagerFraming(maxPacketSize) : new DskitFraming(maxPacketSize, tls != null);
    }
}
