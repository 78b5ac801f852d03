package io.memberlist.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Orders of addresses that others choose, for maps and sets of them. Java's hash of an address is easy to guess, and a hash
 * table of thousands that collide would hold up the loop for seconds. The orders are those of the hashes first, since comparing
 * these makes nothing.
 */
public final class AddressOrder {
    /** Orders hosts. */
    public static final Comparator<InetAddress> HOSTS = Comparator.<InetAddress>comparingInt(InetAddress::hashCode)
            .thenComparing(InetAddress::getAddress, Arrays::compare);

    /** Orders resolved addresses of sockets. */
    public static final Comparator<InetSocketAddress> SOCKETS =
            Comparator.comparingInt(InetSocketAddress::getPort).thenComparing(InetSocketAddress::getAddress, HOSTS);

    private AddressOrder() {}
}
