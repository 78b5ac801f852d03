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
     * @param completion called on the loop, always and once, when the packet has left or could not be sent: probes and
     *     gossip go on only then
     */
    void sendPacket(Recipient to, byte[] packet, Completion<Void> completion);

    /**
     * Opens a stream.
     *
     * @param timeoutNanos how long connecting may take
     * @param handler hears either that it is open, or that it was closed with the reason
     */
    void openStream(Recipient to, long timeoutNanos, StreamHandler handler);

    /** {@return the addresses of a host name, in the platform's order, or a failure that names the host} */
    CompletableFuture<List<InetAddress>> resolve(String host);

    /**
     * Finds the addresses of a seed. Cancelling the future ends the look-up and frees what it holds.
     *
     * @param dnsConfigPath the file that names the name servers, in the form of {@code /etc/resolv.conf}; where it is
     *     missing or names none, the platform's resolver has to do
     * @param timeoutNanos how long all of it may take
     * @return at least one address, in the order of preference, without duplicates; or a {@link TransportException} that
     *     names the seed, what was asked of which name server, and the remedy. Completed on the loop.
     */
    CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos);

    /** Stops receiving, closes every stream and frees the port; safe to call twice and from any thread. */
    CompletableFuture<Void> close();
}
