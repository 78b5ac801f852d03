package io.memberlist.transport;

import io.memberlist.transport.HostInterface.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the network interfaces of this machine: from the JDK what every platform has, from {@code /proc} and {@code /sys} what
 * only Linux tells. Nothing is sent.
 */
final class HostInterfaces {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    /** Addresses that are reserved for documentation (RFC 5737, RFC 3849), so every route to them is the default route. */
    private static final String SOMEWHERE_V4 = "192.0.2.1";

    private static final String SOMEWHERE_V6 = "2001:db8::1";

    private static final int IFF_NOARP = 0x80;

    /** All members of a JVM ask. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private static List<HostInterface> last = List.of();
    private static long readNanos = System.nanoTime() - FRESH_NANOS;

    private HostInterfaces() {}

    /** {@return the interfaces as they were at most a second ago} */
    static synchronized List<HostInterface> ofThisMachine() {
        if (System.nanoTime() - readNanos >= FRESH_NANOS) {
            last = List.copyOf(read());
            readNanos = System.nanoTime();
        }
        return last;
    }

    private static List<HostInterface> read() {
        DefaultRoutes routes = DefaultRoutes.read();
        Source v4 = new Source(routes.v4(), sourceTo(StandardProtocolFamily.INET, SOMEWHERE_V4));
        Source v6 = new Source(routes.v6(), sourceTo(StandardProtocolFamily.INET6, SOMEWHERE_V6));
        Set<InetAddress> passing = PassingAddresses.read();
        List<HostInterface> all = new ArrayList<>();
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                List<HostAddress> addresses = new ArrayList<>();
                for (InterfaceAddress each : network.getInterfaceAddresses()) {
                    InetAddress ip = each.getAddress();
                    Source source = ip instanceof Inet4Address ? v4 : v6;
                    addresses.add(new HostAddress(
                            ip,
                            each.getNetworkPrefixLength(),
                            source.leadsOut(network, ip),
                            !passing.contains(unscoped(ip))));
                }
                // the sort is stable: the order of the operating system stays but for the address the kernel prefers
                addresses.sort(Comparator.comparing(
                        address -> !address.ip().equals(v4.ip) && !address.ip().equals(v6.ip)));
                all.add(new HostInterface(
                        network.getName(), network.getIndex(), kind(network), network.isUp(), addresses));
            }
        } catch (SocketException e) {
            log.warn("cannot list the addresses of this machine: {}", e.getMessage());
        }
        all.sort(Comparator.comparingInt(HostInterface::index));
        return all;
    }

    private static Kind kind(NetworkInterface network) throws SocketException {
        if (network.isLoopback()) {
            return Kind.LOOPBACK;
        }
        Path properties = Path.of("/sys/class/net", network.getName());
        boolean software = network.isPointToPoint()
                || Files.exists(properties.resolve("bridge"))
                || Files.exists(properties.resolve("tun_flags"))
                // dummy interfaces, such as the one that holds the addresses of all services of Kubernetes, and tunnels
                || (flags(properties) & IFF_NOARP) != 0;
        return software ? Kind.SOFTWARE : Kind.NETWORK;
    }

    private static int flags(Path properties) {
        try {
            return Integer.decode(Files.readString(properties.resolve("flags")).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** {@return the address that the kernel would put on a packet to another network; null where none leads there} */
    private static @Nullable InetAddress sourceTo(StandardProtocolFamily family, String somewhere) {
        try (DatagramChannel channel = DatagramChannel.open(family)) {
            // connecting a UDP socket asks the routing table and sends nothing
            channel.connect(new InetSocketAddress(InetAddress.getByName(somewhere), 9));
            InetAddress source = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
            return source.isAnyLocalAddress() ? null : unscoped(source);
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return null;
        }
    }

    /** The JDK tells addresses with and without scope apart. */
    private static InetAddress unscoped(InetAddress ip) {
        try {
            return InetAddress.getByAddress(ip.getAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How packets of one address family leave this machine.
     *
     * @param route the interface of the default route, as far as the routing table can be read
     * @param ip the kernel's choice of the address
     */
    private record Source(@Nullable String route, @Nullable InetAddress ip) {
        /**
         * The table goes first, as in the Go library: a VPN that takes over all traffic by two routes of half the
         * address space each leaves the default route as it is.
         */
        boolean leadsOut(NetworkInterface network, InetAddress address) {
            if (route != null && route.equals(network.getName())) {
                return true;
            }
            if (ip == null
                    || !network.inetAddresses().map(HostInterfaces::unscoped).anyMatch(ip::equals)) {
                return false;
            }
            // an address that belongs to the machine and not to one of its links is kept on the loopback interface
            return route == null || ip.equals(unscoped(address)) && isLoopback(network);
        }

        private static boolean isLoopback(NetworkInterface network) {
            try {
                return network.isLoopback();
            } catch (SocketException e) {
                return false;
            }
        }
    }

    /** The interfaces of the default routes, where the kernel shows its routing table (Linux). */
    record DefaultRoutes(@Nullable String v4, @Nullable String v6) {
        private static final int REJECT = 0x200;

        static DefaultRoutes read() {
            return new DefaultRoutes(v4(lines(Path.of("/proc/net/route"))), v6(lines(Path.of("/proc/net/ipv6_route"))));
        }

        /** Interface, destination, gateway, flags, two counters, metric, mask; numbers are hexadecimal but the metric. */
        static @Nullable String v4(Stream<String[]> table) {
            return table.filter(route -> route.length > 7
                            && route[1].equals("00000000")
                            && route[7].equals("00000000")
                            && isUsable(route[3]))
                    .min(Comparator.comparingLong(route -> Long.parseLong(route[6])))
                    .map(route -> route[0])
                    .orElse(null);
        }

        /** Destination, its length, source, its length, next hop, metric, two counters, flags, interface. */
        static @Nullable String v6(Stream<String[]> table) {
            return table.filter(route -> route.length > 9
                            && route[0].equals("0".repeat(32))
                            && route[1].equals("00")
                            && isUsable(route[8])
                            && !route[9].equals("lo"))
                    .min(Comparator.comparingLong(route -> Long.parseLong(route[5], 16)))
                    .map(route -> route[9])
                    .orElse(null);
        }

        private static boolean isUsable(String flags) {
            return (Long.parseLong(flags, 16) & REJECT) == 0;
        }
    }

    /** The IPv6 addresses that do not last or cannot be used yet, where the kernel tells (Linux). */
    private static final class PassingAddresses {
        private static final int TEMPORARY = 0x01;
        private static final int DEPRECATED = 0x20;
        private static final int TENTATIVE = 0x40;

        /** Address, index, length of the prefix, scope, flags, interface. */
        static Set<InetAddress> read() {
            return Set.copyOf(lines(Path.of("/proc/net/if_inet6"))
                    .filter(line -> line.length > 5
                            && (Integer.parseInt(line[4], 16) & (TEMPORARY | DEPRECATED | TENTATIVE)) != 0)
                    .map(line -> ip(line[0]))
                    .filter(Objects::nonNull)
                    .toList());
        }

        private static @Nullable InetAddress ip(String hexadecimal) {
            try {
                return InetAddress.getByAddress(HexFormat.of().parseHex(hexadecimal));
            } catch (IOException | IllegalArgumentException e) {
                return null;
            }
        }
    }

    private static Stream<String[]> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> line.strip().split("\\s+"));
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty();
        }
    }
}
