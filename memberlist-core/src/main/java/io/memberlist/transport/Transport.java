package io.memberlist.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One member's network: packets that may get lost and streams that may not, on one address. All callbacks come on
 * {@link #eventLoop()}; unless said otherwise the methods are to be called on it.
 */
public interface Transport {
    /** {@return the loop that the protocol of this member runs on} */
    EventLoop eventLoop();

    /** {@return the address that packets and streams are received at, with the real port} */
    InetSocketAddress boundAddress();

    /** Starts handing in what arrives. Called once, before anything is sent. */
    void start(TransportListener listener);

    /**
     * Sends a packet, without waiting.
     *
     * @param packet not changed by either side afterwards
     * @param completion called on the loop once the packet has left, or could not be sent
     */
    void sendPacket(InetSocketAddress to, byte[] packet, Completion completion);

    /**
     * Opens a stream.
     *
     * @param timeoutNanos how long connecting may take
     * @param handler hears either that it is open, or that it was closed with the reason
     */
    void openStream(InetSocketAddress to, long timeoutNanos, StreamHandler handler);

    /** {@return the addresses of a host name, in the resolver's order, or a failure that names the host} */
    CompletableFuture<List<InetAddress>> resolve(String host);

    /** Stops receiving, closes every stream and frees the port; safe to call twice and from any thread. */
    CompletableFuture<Void> close();
}
