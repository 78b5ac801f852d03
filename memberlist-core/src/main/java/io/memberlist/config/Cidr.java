package io.memberlist.config;

import io.memberlist.member.MemberlistException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A network: an address and how many of its leading bits count.
 *
 * @param network an address of the network
 * @param prefix 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {
    /** Refuses a prefix that the address does not have bits for. */
    public Cidr {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new MemberlistException(
                    "the prefix /" + prefix + " of " + network.getHostAddress() + " must lie between 0 and " + bits);
        }
    }

    /**
     * {@return the network that a text such as {@code 10.0.0.0/8} or {@code fd00::/8} stands for}
     *
     * @throws MemberlistException if it is none; the message names it
     */
    public static Cidr parse(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        String address = slash < 0 ? "" : trimmed.substring(0, slash);
        boolean literal = address.indexOf(':') >= 0 || address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!literal) {
            throw invalid(text);
        }
        try {
            return new Cidr(InetAddress.getByName(address), Integer.parseInt(trimmed.substring(slash + 1)));
        } catch (UnknownHostException | NumberFormatException e) {
            throw invalid(text);
        }
    }

    private static MemberlistException invalid(String text) {
        return new MemberlistException("invalid cidr: '" + text + "': write a network as 10.0.0.0/8 or fd00::/8");
    }

    /** {@return whether the address lies in this network; never, where one is IPv4 and the other IPv6} */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        BigInteger differing = new BigInteger(1, mine).xor(new BigInteger(1, other));
        return mine.length == other.length && differing.bitLength() <= mine.length * Byte.SIZE - prefix;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
