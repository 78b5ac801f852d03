package io.memberlist.transport.netty;

import io.memberlist.transport.Recipient;

/** Carries packets over TCP. Used on the loop. */
interface PacketConnections {
    /** Sends a packet as soon as its receiver can be reached; it may be lost. */
    void send(Recipient to, byte[] packet);

    /** Replaces connections that were made with certificates that are not used any more. */
    void renew();

    /** Closes everything. */
    void close();
}
