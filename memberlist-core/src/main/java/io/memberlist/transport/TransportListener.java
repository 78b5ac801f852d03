package io.memberlist.transport;

import java.net.InetSocketAddress;

/** Receives what arrives at a member. Called on the transport's event loop. */
public interface TransportListener {
    /**
     * @param packet owned by the callee
     * @param receivedNanos the loop's {@link EventLoop#nanoTime()} as close to the arrival as it could be taken
     */
    void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos);

    /**
     * Another member opened a stream.
     *
     * @return what handles the stream; {@link StreamHandler#opened} is called on it next
     */
    StreamHandler streamAccepted(InetSocketAddress from);
}
