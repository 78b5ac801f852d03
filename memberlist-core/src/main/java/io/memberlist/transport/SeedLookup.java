package io.memberlist.transport;

/**
 * A seed that has yet to become addresses.
 *
 * @param kind where to look
 * @param name an IP address without brackets, a host name, or the name of a service for {@link Kind#DNS_SRV}
 * @param port 1 to 65535; 0 stands for the ports in the SRV records, and is possible for {@link Kind#DNS_SRV} only
 */
public record SeedLookup(Kind kind, String name, int port) {
    /** Where to look. */
    public enum Kind {
        /**
         * The platform's resolver; before it, for a name with a dot, the first name server over TCP. A name server that
         * never says that its answer over UDP was cut short would otherwise hide members: the Go library does the same.
         */
        HOST(""),

        /** A and AAAA records, from the name servers. */
        DNS("dns+"),

        /** SRV records, from the name servers, and the A and AAAA records of the hosts they name. */
        DNS_SRV("dnssrv+");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /** {@return the seed as people write it, without the port} */
    @Override
    public String toString() {
        return kind.prefix + name;
    }
}
