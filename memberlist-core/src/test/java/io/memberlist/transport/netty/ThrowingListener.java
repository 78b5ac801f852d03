package io.memberlist.transport.netty;

import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportListener;
import java.net.InetSocketAddress;

/** Fails on every stream and on packets that start with {@link #BAD}. */
record ThrowingListener(TransportListener rest) implements TransportListener {
    static final byte BAD = 66;

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
        if (packet[0] == BAD) {
            throw new IllegalStateException("a listener that throws");
        }
        rest.packetReceived(from, packet, receivedNanos);
    }

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        throw new IllegalStateException("a listener that throws");
    }
}
