package io.memberlist.spring;

import io.memberlist.config.MemberlistConfig;

/** Adds the port to seeds that have none. */
public final class SeedAddress {
    private SeedAddress() {}

    /** {@return the port that other members are expected to have: the configured one, or 7946 where the port is picked} */
    public static int defaultPort(MemberlistConfig config) {
        return config.network().bindPort() == 0
                ? MemberlistConfig.lan().build().network().bindPort()
                : config.network().bindPort();
    }

    /**
     * {@return the seed with that port if it names none}
     *
     * @param seed {@code host}, {@code host:port}, {@code [v6]:port}, a bare IPv6 address, {@code dns+host},
     *     {@code dnssrv+service}, or one of them behind {@code name/}
     */
    public static String withPort(String seed, int port) {
        int slash = seed.indexOf('/');
        String name = seed.substring(0, slash + 1);
        String host = seed.substring(slash + 1);
        if (host.startsWith("dnssrv+") || host.startsWith("dnssrvnoa+")) {
            // SRV records have ports of their own, which a port in the seed would override.
            return seed;
        }
        if (host.startsWith("[")) {
            return host.endsWith("]") ? name + host + ":" + port : seed;
        }
        int colon = host.indexOf(':');
        if (colon < 0) {
            return name + host + ":" + port;
        }
        boolean bareV6 = host.indexOf(':', colon + 1) >= 0;
        return bareV6 ? name + "[" + host + "]:" + port : seed;
    }
}
