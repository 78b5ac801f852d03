package io.memberlist.transport;

import java.util.List;

/**
 * A network interface of the machine that a member runs on.
 *
 * @param name as the operating system calls it, such as {@code eth0}
 * @param index its number in the operating system
 * @param kind what it connects to
 * @param up whether it is in use
 * @param addresses the one that the kernel prefers for packets to other networks first
 */
public record HostInterface(String name, int index, Kind kind, boolean up, List<HostAddress> addresses) {
    /** Copies the list. */
    public HostInterface {
        addresses = List.copyOf(addresses);
    }

    /** {@return the network interfaces of this machine} Blocks for a moment. */
    public static List<HostInterface> ofThisMachine() {
        return HostInterfaces.ofThisMachine();
    }

    /** What an interface connects to. */
    public enum Kind {
        /** This machine only. */
        LOOPBACK,
        /** A network, as far as its properties tell. */
        NETWORK,
        /** Containers, virtual machines or a tunnel: a bridge, a point-to-point link, or a link without neighbours. */
        SOFTWARE
    }
}
