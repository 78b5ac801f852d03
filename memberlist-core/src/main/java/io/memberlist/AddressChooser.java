package io.memberlist;

import io.memberlist.config.Cidr;
import io.memberlist.config.NetworkConfig;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.HostAddress;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.HostInterface.Kind;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which address of a machine a member advertises. The first choice is that of the Go library: a private address of
 * the interface with the default route. The Go library goes on with any other private address, and so ends at a bridge of
 * Docker on a machine with a public address; here a public address with the default route comes before such a bridge.
 */
final class AddressChooser {
    private final NetworkConfig config;
    private final boolean onlyIPv4;
    private final List<HostInterface> interfaces;

    /**
     * @param bound the address that is bound; where it is the wildcard of IPv4, no IPv6 address can be advertised
     * @param interfaces those of the machine, in the order of their numbers
     */
    AddressChooser(NetworkConfig config, InetAddress bound, List<HostInterface> interfaces) {
        this.config = config;
        this.onlyIPv4 = bound instanceof Inet4Address;
        this.interfaces = interfaces;
    }

    /**
     * An address of this machine that could be advertised.
     *
     * @param on the interface that has it
     */
    record Candidate(HostAddress address, HostInterface on, Rank rank) {
        InetAddress ip() {
            return address.ip();
        }

        boolean has(InetAddress ip) {
            return AdvertisedAddress.sameIp(address.ip(), ip);
        }

        boolean isInNetworkOf(InetAddress other) {
            return new Cidr(address.ip(), address.prefixLength()).contains(other);
        }

        @Override
        public String toString() {
            return text(ip()) + " (" + on.name() + ")";
        }
    }

    /** What an address is good for; the first that a machine has is advertised. */
    enum Rank {
        PRIVATE_WITH_DEFAULT_ROUTE("a private address of the interface with the default route"),
        PRIVATE("a private address; none belongs to an interface with a default route"),
        PUBLIC_WITH_DEFAULT_ROUTE("the public address of the interface with the default route"),
        PRIVATE_OF_SOFTWARE("a private address of a bridge or tunnel; no other interface has one"),
        PUBLIC("a public address; there is no private one, and no default route"),
        PUBLIC_OF_SOFTWARE("a public address of a bridge or tunnel; no other interface has one"),
        LINK_LOCAL("a link-local address; there is no other");

        final String reason;

        Rank(String reason) {
            this.reason = reason;
        }

        static Rank of(HostInterface on, HostAddress address) {
            boolean software = on.kind() != Kind.NETWORK;
            if (address.ip().isLinkLocalAddress()) {
                return LINK_LOCAL;
            }
            if (isPrivate(address.ip())) {
                return address.leadsOut() ? PRIVATE_WITH_DEFAULT_ROUTE : software ? PRIVATE_OF_SOFTWARE : PRIVATE;
            }
            return address.leadsOut() ? PUBLIC_WITH_DEFAULT_ROUTE : software ? PUBLIC_OF_SOFTWARE : PUBLIC;
        }
    }

    /** {@return the addresses that could be advertised, the best first; empty where the machine has none but loopback} */
    List<Candidate> candidates() {
        List<Candidate> all = new ArrayList<>();
        for (HostInterface each : interfaces) {
            for (HostAddress address : each.addresses()) {
                if (each.up() && isUsable(address.ip())) {
                    all.add(new Candidate(address, each, Rank.of(each, address)));
                }
            }
        }
        all.sort(Comparator.comparing(Candidate::rank)
                // Members that cannot speak IPv6 are the more common trouble.
                .thenComparing(candidate -> candidate.ip() instanceof Inet6Address)
                // Virtual IPs move to other machines, and overlay networks give each machine one address.
                .thenComparing(candidate -> candidate.address().isAloneInItsNetwork())
                .thenComparing(candidate -> !candidate.address().lasting()));
        return all;
    }

    private boolean isUsable(InetAddress ip) {
        return !ip.isLoopbackAddress()
                && !ip.isAnyLocalAddress()
                && !ip.isMulticastAddress()
                && (ip instanceof Inet4Address || !onlyIPv4);
    }

    /**
     * {@return the address to advertise; null where the machine has none but loopback, or none yet at the chosen interface}
     *
     * @throws InvalidSettingException if the settings choose what the machine does not have; the message lists what it has
     */
    @Nullable
    Candidate choose() {
        List<Candidate> all = candidates();
        String wanted = config.advertiseInterface();
        Cidr network = config.advertiseNetwork();
        if (wanted != null && interfaces.stream().noneMatch(each -> each.name().equals(wanted))) {
            throw new InvalidSettingException(
                    "network.advertiseInterface",
                    "network.advertiseInterface " + wanted + " is no interface of this machine, which has "
                            + inventory() + ": name one of these, or leave it out");
        }
        List<Candidate> fitting = all.stream().filter(this::isChosen).toList();
        boolean hasOthers = all.stream().anyMatch(candidate -> candidate.rank() != Rank.LINK_LOCAL);
        if (fitting.isEmpty() && network != null && hasOthers) {
            throw new InvalidSettingException(
                    "network.advertiseNetwork",
                    "network.advertiseNetwork " + network + " contains no address of "
                            + (wanted == null ? "this machine" : wanted) + "; this machine has " + inventory()
                            + ": choose a network with one of these, or leave it out");
        }
        return fitting.isEmpty() ? null : fitting.get(0);
    }

    /**
     * {@return the best address in whose network a seed is; null where a seed is in the network of the present address, or in
     * none}
     */
    @Nullable
    Candidate near(InetAddress present, List<InetSocketAddress> seeds) {
        List<Candidate> near = candidates().stream()
                .filter(candidate -> candidate.rank() != Rank.LINK_LOCAL)
                .filter(candidate -> seeds.stream().anyMatch(seed -> candidate.isInNetworkOf(seed.getAddress())))
                .toList();
        boolean isNear = near.stream().anyMatch(candidate -> candidate.has(present));
        return near.isEmpty() || isNear ? null : near.get(0);
    }

    private boolean isChosen(Candidate candidate) {
        String wanted = config.advertiseInterface();
        Cidr network = config.advertiseNetwork();
        return (wanted == null || candidate.on().name().equals(wanted))
                && (network == null || network.contains(candidate.ip()))
                && (config.choosesAdvertised() || candidate.rank() != Rank.LINK_LOCAL);
    }

    /** {@return the interfaces of the machine with their addresses, for a message} */
    String inventory() {
        return interfaces.isEmpty()
                ? "no interface"
                : interfaces.stream()
                        .map(each -> each.name() + " ("
                                + each.addresses().stream()
                                        .map(address -> text(address.ip()))
                                        .collect(Collectors.joining(" "))
                                + (each.up() ? ")" : ", down)"))
                        .collect(Collectors.joining(", "));
    }

    /** {@return the address without the scope that the JDK adds} */
    static String text(InetAddress ip) {
        String text = ip.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** {@return whether the address may be reached from anywhere in the world} */
    static boolean isPublic(InetAddress address) {
        return !isPrivate(address)
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress();
    }

    private static boolean isPrivate(InetAddress address) {
        boolean uniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isSiteLocalAddress() || uniqueLocal || isCarrierGradeNat(address);
    }

    /** 100.64.0.0/10, shared by providers (RFC 6598); the Go library takes it for private as well. */
    private static boolean isCarrierGradeNat(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }
}
