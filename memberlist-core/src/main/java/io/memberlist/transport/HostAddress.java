package io.memberlist.transport;

import java.net.InetAddress;

/**
 * One address of a network interface.
 *
 * @param ip the address
 * @param prefixLength how many leading bits its network has
 * @param leadsOut whether the machine reaches other networks of this address family from here: the default route goes
 *     through the interface, or the kernel takes this address for packets that leave by it
 * @param lasting whether the address stays; false for the temporary, deprecated and not yet verified addresses of IPv6
 */
public record HostAddress(InetAddress ip, int prefixLength, boolean leadsOut, boolean lasting) {
    /** {@return whether the network of this address has no other address, as for a virtual IP or a tunnel} */
    public boolean isAloneInItsNetwork() {
        return prefixLength == ip.getAddress().length * Byte.SIZE;
    }
}
