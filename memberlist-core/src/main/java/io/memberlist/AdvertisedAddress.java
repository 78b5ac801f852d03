package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.Transport;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the address that other members shall use. */
final class AdvertisedAddress {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private AdvertisedAddress() {}

    /** {@return the configured address, or the bound one, or a private one of this machine where all are bound} */
    static CompletableFuture<InetSocketAddress> find(MemberlistConfig config, Transport transport) {
        InetSocketAddress bound = transport.boundAddress();
        int port = config.network().advertisePort() != 0 ? config.network().advertisePort() : bound.getPort();
        String configured = config.network().advertiseAddress();
        if (configured != null) {
            return transport.resolve(configured).handle((found, failure) -> {
                if (failure != null) {
                    throw unknown(configured, failure);
                }
                InetAddress ip = sameFamilyFirst(found, bound.getAddress());
                if (ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
                    throw new InvalidSettingException(
                            "network.advertiseAddress",
                            "network.advertiseAddress " + configured
                                    + " is not one machine's address; others need one they can reach: name it, or leave"
                                    + " it out");
                }
                return new InetSocketAddress(ip, port);
            });
        }
        if (!bound.getAddress().isAnyLocalAddress()) {
            return CompletableFuture.completedFuture(new InetSocketAddress(bound.getAddress(), port));
        }
        InetAddress ip = choose(addressesOfThisMachine(), bound.getAddress());
        return CompletableFuture.completedFuture(new InetSocketAddress(ip, port));
    }

    private static InvalidSettingException unknown(String configured, Throwable failure) {
        return new InvalidSettingException(
                "network.advertiseAddress",
                "network.advertiseAddress '" + configured
                        + "' is neither an IP address nor a host name that resolves: correct it, or leave it out",
                failure);
    }

    /**
     * {@return a private address if there is one, else any that leads off this machine, else the loopback address} The
     * Go library gives up without a private address; a laptop without a network should still run a cluster of its own.
     */
    static InetAddress choose(List<InetAddress> candidates, InetAddress bound) {
        boolean v4 = bound instanceof Inet4Address;
        // Members that cannot speak IPv6 are the more common trouble, so IPv4 comes first even where both are bound.
        return candidates.stream()
                .filter(candidate -> candidate instanceof Inet4Address || !v4)
                .filter(candidate -> !candidate.isLoopbackAddress() && !candidate.isLinkLocalAddress())
                .min(Comparator.comparingInt(AdvertisedAddress::rank))
                .orElseGet(AdvertisedAddress::loopback);
    }

    private static InetAddress loopback() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        log.warn(
                "this machine has no address but {}: only members on this machine can reach this one; set"
                        + " network.advertiseAddress if that is wrong",
                loopback.getHostAddress());
        return loopback;
    }

    private static int rank(InetAddress address) {
        int family = address instanceof Inet4Address ? 0 : 1;
        return isPrivate(address) ? family : 2 + family;
    }

    /** {@return whether the address may be reached from anywhere in the world} */
    static boolean isPublic(InetAddress address) {
        return !isPrivate(address)
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !isCarrierGradeNat(address);
    }

    /** 100.64.0.0/10, shared by providers (RFC 6598). */
    private static boolean isCarrierGradeNat(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }

    private static boolean isPrivate(InetAddress address) {
        boolean uniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isSiteLocalAddress() || uniqueLocal;
    }

    private static InetAddress sameFamilyFirst(List<InetAddress> found, InetAddress bound) {
        return found.stream()
                .filter(ip -> ip.getClass() == bound.getClass())
                .findFirst()
                .orElse(found.get(0));
    }

    private static List<InetAddress> addressesOfThisMachine() {
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (network.isUp()) {
                    all.addAll(Collections.list(network.getInetAddresses()));
                }
            }
        } catch (SocketException e) {
            log.warn("cannot list the addresses of this machine: {}", e.getMessage());
        }
        return all;
    }
}
