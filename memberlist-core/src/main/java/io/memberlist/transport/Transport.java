package io.memberlist.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The network of one member: packets, which may be lost, and streams, which lose nothing, on one address. The transport makes
 * all calls back on its {@link #eventLoop()}, and its methods are called there too unless they say otherwise.
 */
public interface Transport {
    /** {@return the loop that this member's protocol runs on} */
    EventLoop eventLoop();

    /** {@return the address at which packets and streams are received, with the port that was bound} */
    InetSocketAddress boundAddress();

    /**
     * {@return the network interfaces of the machine that this transport is on} A member chooses the address that it
     * advertises among theirs, and looks every few seconds whether that is still there. May be called from any thread, and may
     * block for a moment. A transport that is not on the interfaces of this machine overrides it; an empty list means that
     * there is nothing to choose from.
     */
    default List<HostInterface> interfaces() {
        return HostInterface.ofThisMachine();
    }

    /** Begins to pass what arrives to the listener. Called once, before anything is sent. */
    void start(TransportListener listener);

    /**
     * Sends a packet. Does not block.
     *
     * @param packet its bytes, which neither side changes afterwards
     * @param completion called on the loop, exactly once, when the packet has left or could not be sent; probes and gossip go
     *     on only then
     */
    void sendPacket(Recipient to, byte[] packet, Completion<Void> completion);

    /**
     * Opens a stream.
     *
     * @param timeoutNanos the time limit for connecting, in nanoseconds
     * @param handler notified either that the stream is open, or that it is closed and why
     */
    void openStream(Recipient to, long timeoutNanos, StreamHandler handler);

    /** {@return the addresses of a host name, in the platform's order, or a {@link TransportException} that names the host} */
    CompletableFuture<List<InetAddress>> resolve(String host);

    /**
     * Finds the addresses of a seed. Cancelling the future ends the look-up and closes its sockets.
     *
     * @param dnsConfigPath the file that names the name servers, in the form of {@code /etc/resolv.conf}; where it is
     *     missing or names none, the platform's resolver is asked instead
     * @param timeoutNanos the time limit for the whole look-up, in nanoseconds
     * @return at least one address, in the order of preference, without duplicates; or a {@link TransportException} that
     *     names the seed, what was asked of which name server, and the remedy. Completed on the loop.
     */
    CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String dnsConfigPath, long timeoutNanos);

    /** {@return what the transport is called, such as {@code udp}} May be called from any thread. */
    default String type() {
        return "custom";
    }

    /** {@return how its connections are protected, or null if they are not} May be called from any thread. */
    default @Nullable TransportSecurity security() {
        return null;
    }

    /**
     * Says at which address others reach this member: before it is started, and after each change. A transport over connections
     * tells it to the other side, which sees another port.
     */
    default void advertise(InetSocketAddress address) {}

    /** Stops receiving, closes every stream and frees the port. Safe to call twice, and from any thread. */
    CompletableFuture<Void> close();
}
