package io.memberlist.transport;

import java.net.InetSocketAddress;

/** Is notified of what arrives at a member, on the transport's event loop. */
public interface TransportListener {
    /**
     * Called for each packet that has arrived.
     *
     * @param packet owned by the callee
     * @param receivedNanos the loop's {@link EventLoop#nanoTime()}, taken as close to the arrival as possible
     */
    void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos);

    /**
     * Called when another member has opened a stream.
     *
     * @return the handler of the stream, whose {@link StreamHandler#opened} is called next
     */
    StreamHandler streamAccepted(InetSocketAddress from);

    /**
     * Called when packets or a connection were dropped before they reached the protocol, as a transport over connections does.
     *
     * @param peer the other side
     * @param count how many packets, or 1 for a connection
     * @param detail the reason in words
     */
    default void dropped(InetSocketAddress peer, TransportDrop reason, int count, String detail) {}
}
