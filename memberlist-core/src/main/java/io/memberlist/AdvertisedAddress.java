package io.memberlist;

import io.memberlist.AddressChooser.Candidate;
import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.NetworkConfig;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Transport;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The address that other members shall use.
 *
 * @param address the address and port
 * @param origin where it comes from
 * @param text the address with the reason for it, for the log
 */
record AdvertisedAddress(InetSocketAddress address, Origin origin, String text) {
    /** Where an advertised address comes from. */
    enum Origin {
        /** {@code network.advertiseAddress} names it. */
        CONFIGURED,
        /** It is the one address that is bound. */
        BOUND,
        /** It was chosen among those of this machine. */
        CHOSEN,
        /** It was chosen until the machine has a better one: a loopback address, or one of a bridge or tunnel. */
        PROVISIONAL
    }

    InetAddress ip() {
        return address.getAddress();
    }

    /**
     * {@return the configured address, or the bound one, or one of this machine where all are bound; fails with {@link
     * InvalidSettingException} where the settings name what is not there}
     */
    static CompletableFuture<AdvertisedAddress> find(MemberlistConfig config, Transport transport) {
        String configured = config.network().advertiseAddress();
        if (configured == null) {
            return CompletableFuture.completedFuture(transport).thenApply(bound -> boundOrChosen(config, bound));
        }
        return transport.resolve(configured).handle((found, failure) -> {
            if (failure != null) {
                throw unknown(configured, failure);
            }
            InetSocketAddress bound = transport.boundAddress();
            InetAddress ip = oneMachine(configured, sameFamilyFirst(found, bound.getAddress()));
            refuseContradiction(config.network(), "network.advertiseAddress", ip, transport);
            return named(
                    withPort(ip, config, bound), Origin.CONFIGURED, config.settingName("network.advertiseAddress"));
        });
    }

    private static AdvertisedAddress boundOrChosen(MemberlistConfig config, Transport transport) {
        InetSocketAddress bound = transport.boundAddress();
        InetSocketAddress address = withPort(bound.getAddress(), config, bound);
        if (bound.getAddress().isAnyLocalAddress()) {
            return choose(config, transport.interfaces(), address);
        }
        refuseContradiction(config.network(), "network.bindAddress", bound.getAddress(), transport);
        return named(address, Origin.BOUND, config.settingName("network.bindAddress"));
    }

    private static InetSocketAddress withPort(InetAddress ip, MemberlistConfig config, InetSocketAddress bound) {
        int configured = config.network().advertisePort();
        return new InetSocketAddress(ip, configured != 0 ? configured : bound.getPort());
    }

    private static AdvertisedAddress named(InetSocketAddress address, Origin origin, String setting) {
        return new AdvertisedAddress(
                address, origin, AddressChooser.text(address.getAddress()) + ", which " + setting + " names");
    }

    private static InetAddress oneMachine(String configured, InetAddress ip) {
        if (ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
            throw new InvalidSettingException(
                    "network.advertiseAddress",
                    "network.advertiseAddress " + configured
                            + " is not one machine's address; others need one they can reach: name it, or leave"
                            + " it out");
        }
        return ip;
    }

    private static InvalidSettingException unknown(String configured, Throwable failure) {
        return new InvalidSettingException(
                "network.advertiseAddress",
                "network.advertiseAddress '" + configured
                        + "' is neither an IP address nor a host name that resolves: correct it, or leave it out",
                failure);
    }

    /** An address that a setting names must not contradict those that choose one. */
    private static void refuseContradiction(
            NetworkConfig network, String naming, InetAddress named, Transport transport) {
        Cidr inside = network.advertiseNetwork();
        if (inside != null && !inside.contains(named)) {
            throw contradiction("network.advertiseNetwork", inside, naming, named);
        }
        String name = network.advertiseInterface();
        if (name != null
                && transport.interfaces().stream().noneMatch(each -> each.name().equals(name) && has(each, named))) {
            throw contradiction("network.advertiseInterface", name, naming, named);
        }
    }

    private static InvalidSettingException contradiction(
            String choosing, Object value, String naming, InetAddress named) {
        return new InvalidSettingException(
                choosing,
                choosing + " " + value + " does not have the address " + AddressChooser.text(named) + " of " + naming
                        + ": leave out one of them");
    }

    /** {@return whether one of the interfaces has the address, also one that is down} */
    static boolean isHere(List<HostInterface> interfaces, InetAddress ip) {
        return interfaces.stream().anyMatch(each -> has(each, ip));
    }

    private static boolean has(HostInterface each, InetAddress ip) {
        return each.addresses().stream().anyMatch(address -> sameIp(address.ip(), ip));
    }

    /** {@return whether they are the same but for the scope, which the JDK compares as well} */
    static boolean sameIp(InetAddress a, InetAddress b) {
        return Arrays.equals(a.getAddress(), b.getAddress());
    }

    /**
     * {@return an address of this machine, or loopback where it has no other} The Go library refuses to start then; a laptop
     * without a network should still run a cluster of its own.
     *
     * @param bound the wildcard that is bound, with the port to advertise
     */
    static AdvertisedAddress choose(MemberlistConfig config, List<HostInterface> interfaces, InetSocketAddress bound) {
        AddressChooser chooser = new AddressChooser(config.network(), bound.getAddress(), interfaces);
        Candidate chosen = chooser.choose();
        if (chosen == null) {
            refuseIPv6ThatIsNotBound(config.network(), bound.getAddress(), interfaces);
            InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort());
            String owner = config.network().advertiseInterface();
            return new AdvertisedAddress(
                    loopback,
                    Origin.PROVISIONAL,
                    AddressChooser.text(loopback.getAddress()) + ", which leads to members on this machine only, until "
                            + (owner == null ? "the machine" : owner) + " has another address");
        }
        boolean provisional = chosen.on().kind() != HostInterface.Kind.NETWORK
                && !chosen.address().leadsOut()
                && !config.network().choosesAdvertised();
        return of(
                chosen,
                provisional ? Origin.PROVISIONAL : Origin.CHOSEN,
                bound.getPort(),
                (config.network().choosesAdvertised() ? "chosen by the settings" : chosen.rank().reason)
                        + passedOver(chooser, chosen));
    }

    /** {@return a chosen address, without the scope that the JDK adds} */
    static AdvertisedAddress of(Candidate chosen, Origin origin, int port, String reason) {
        return new AdvertisedAddress(
                new InetSocketAddress(withoutScope(chosen.ip()), port),
                origin,
                AddressChooser.text(chosen.ip()) + " of " + chosen.on().name() + ": " + reason);
    }

    private static void refuseIPv6ThatIsNotBound(
            NetworkConfig network, InetAddress bound, List<HostInterface> interfaces) {
        String name = network.advertiseInterface();
        if (name != null && bound instanceof Inet4Address) {
            Candidate other = new AddressChooser(network, everyIPv6(), interfaces).choose();
            if (other != null && other.rank() != AddressChooser.Rank.LINK_LOCAL) {
                throw new InvalidSettingException(
                        "network.advertiseInterface",
                        "network.advertiseInterface " + name + " has no address but IPv6 ("
                                + AddressChooser.text(other.ip())
                                + "), to which network.bindAddress 0.0.0.0 does not listen: set that to ::");
            }
        }
    }

    private static InetAddress everyIPv6() {
        return new InetSocketAddress("::", 0).getAddress();
    }

    private static String passedOver(AddressChooser chooser, Candidate chosen) {
        String others = chooser.candidates().stream()
                .filter(candidate ->
                        !candidate.ip().equals(chosen.ip()) && !candidate.ip().isLinkLocalAddress())
                .map(Candidate::toString)
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : "; passed over " + others;
    }

    private static InetAddress withoutScope(InetAddress ip) {
        try {
            return InetAddress.getByAddress(ip.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static InetAddress sameFamilyFirst(List<InetAddress> found, InetAddress bound) {
        return found.stream()
                .filter(ip -> ip.getClass() == bound.getClass())
                .findFirst()
                .orElse(found.get(0));
    }
}
