package io.memberlist.transport;

import java.net.InetSocketAddress;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of a packet or a stream. Plain sockets need the address alone. A transport that carries the traffic over
 * something else, such as gateways between networks that cannot reach each other's addresses, may route by the name.
 * Where it needs one for everything, {@link io.memberlist.config.NetworkConfig#requireNodeNames} sees to it.
 *
 * @param address the receiver's address, which a transport that routes by name need not use
 * @param name the member's name; null where only an address is known, as for a seed that was given without a name. An empty
 *     name becomes null.
 */
public record Recipient(InetSocketAddress address, @Nullable String name) implements Comparable<Recipient> {
    /** Others choose both, so a hash table of receivers must not become slow where all of them collide. */
    private static final Comparator<Recipient> ORDER = Comparator.comparing(Recipient::address, AddressOrder.SOCKETS)
            .thenComparing(Recipient::name, Comparator.nullsFirst(Comparator.naturalOrder()));

    public Recipient {
        if (name != null && name.isEmpty()) {
            name = null;
        }
    }

    /** {@return the receiver at an address whose name is not known} */
    public static Recipient at(InetSocketAddress address) {
        return new Recipient(address, null);
    }

    @Override
    public int compareTo(Recipient other) {
        return ORDER.compare(this, other);
    }
}
