package io.memberlist.transport.netty;

import java.net.InetSocketAddress;

/** What a program puts around packets and streams that share one TCP port. */
interface Framing {
    /**
     * {@return what stands in front of a stream, as one piece}
     *
     * @param self the address at which others reach this member
     */
    byte[] streamHeader(InetSocketAddress self);

    /** {@return the bytes of one packet on its connection} */
    byte[] packet(InetSocketAddress self, byte[] packet);

    /** {@return whether the packets to one member share a connection; otherwise each has one, which ends with it} */
    boolean keepsConnections();

    /** {@return a reader of an accepted connection} */
    ConnectionReader reader(ConnectionReader.Receiver receiver);
}
