package io.memberlist.transport;

/**
 * A seed whose addresses are still to be found.
 *
 * @param kind who is asked for the addresses
 * @param name an IP address without brackets, a host name, or the name of a service for {@link Kind#DNS_SRV}
 * @param port 1 to 65535; 0 stands for the ports in the SRV records, and is possible for {@link Kind#DNS_SRV} only
 */
public record SeedLookup(Kind kind, String name, int port) {
    /** Who is asked for the addresses of a seed. */
    public enum Kind {
        /**
         * The platform's resolver. For a name with a dot, the first name server is asked over TCP before: some name servers
         * cut their answers over UDP short and do not say so, which would hide members. The Go library does the same.
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

    /** {@return the seed as it is written in a list of seeds, without the port} */
    @Override
    public String toString() {
        return kind.prefix + name;
    }
}
