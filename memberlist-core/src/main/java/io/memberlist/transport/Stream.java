package io.memberlist.transport;

import java.net.InetSocketAddress;

/** An open stream. Used on the transport's event loop only. */
public interface Stream {
    /** {@return the address of the other side} */
    InetSocketAddress remoteAddress();

    /**
     * Sends bytes behind those that were sent before.
     *
     * @param bytes neither side changes them afterwards
     * @param completion called on the loop when the network has taken the bytes or could not
     */
    void send(byte[] bytes, Completion<Void> completion);

    /** Closes the stream at once. Bytes whose sending has completed still reach the other side. Does nothing if it is closed. */
    void close();
}
