package io.memberlist.transport;

import java.net.InetSocketAddress;

/** One open stream. To be used on the transport's event loop. */
public interface Stream {
    /** {@return the other side's address} */
    InetSocketAddress remoteAddress();

    /**
     * Sends bytes after what was sent before.
     *
     * @param bytes not changed by either side afterwards
     * @param completion called on the loop when they were handed to the network, or could not be
     */
    void send(byte[] bytes, Completion<Void> completion);

    /** Closes the stream at once; what was sent and completed still reaches the other side. Harmless when closed. */
    void close();
}
