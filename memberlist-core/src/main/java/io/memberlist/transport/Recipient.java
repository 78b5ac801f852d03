package io.memberlist.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whom a packet or a stream is for. Plain sockets need the address alone; a transport that carries members' traffic over
 * something else, such as gateways between networks that cannot reach each other's addresses, may route by the name.
 * Where it needs one for everything, {@link io.memberlist.config.NetworkConfig#requireNodeNames} sees to it.
 *
 * @param address never null, though a transport that routes by name need not use it
 * @param name the member's name where it is known, as it is whenever a member is meant; null where somebody is contacted
 *     at a bare address, such as a seed that was given without a name. An empty one becomes null.
 */
public record Recipient(InetSocketAddress address, @Nullable String name) {
    public Recipient {
        if (name != null && name.isEmpty()) {
            name = null;
        }
    }

    /** {@return whoever is at the address} */
    public static Recipient at(InetSocketAddress address) {
        return new Recipient(address, null);
    }
}
