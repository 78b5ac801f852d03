package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message.Alive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses between their wire form (4 or 16 bytes and a port) and Java's. */
final class Addresses {
    /** Several members of one machine keep its address once. */
    private static volatile @Nullable Known recent;

    private record Known(byte[] bytes, InetAddress address) {}

    private Addresses() {}

    /** {@return whether the bytes and port can be a member's address} */
    static boolean valid(byte[] address, int port) {
        return (address.length == 4 || address.length == 16) && port > 0 && port <= 65535;
    }

    /** {@return the address that an alive message gives a member} It must be a valid one. */
    static InetSocketAddress of(Alive alive) {
        return of(alive.address(), alive.port());
    }

    /** @throws IllegalArgumentException if they are not {@link #valid} */
    static InetSocketAddress of(byte[] address, int port) {
        Known known = recent;
        if (known == null || !Arrays.equals(known.bytes, address)) {
            try {
                known = new Known(address, InetAddress.getByAddress(address));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length, e);
            }
            recent = known;
        }
        return new InetSocketAddress(known.address, port);
    }

    /** {@return whether an address can be that of one machine: it is neither a wildcard nor for many} */
    static boolean ofOneMachine(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }

    /** {@return what is wrong with contacting a bare address where names are required} */
    static TransportException noName(InetSocketAddress address, MemberlistConfig config) {
        return new TransportException(
                "node names are required by configuration but one was not provided for " + text(address)
                        + ": give the member's name with its address, or set "
                        + config.settingName("network.requireNodeNames") + " to false");
    }

    /** {@return {@code ip:port}, or {@code [ip]:port} for IPv6} */
    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort();
    }
}
