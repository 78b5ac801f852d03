package io.memberlist.config;

import io.memberlist.member.MemberlistException;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.SeedLookup.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where to join: {@code host}, {@code host:port}, {@code [v6]:port}, {@code dns+host:port} or {@code dnssrv+service},
 * each with {@code name/} before it where the member's name is known. The name may have slashes itself.
 *
 * @param name the member's name, or null where it was not given
 * @param lookup how its addresses are found
 */
public record SeedAddress(@Nullable String name, SeedLookup lookup) {
    /**
     * The prefixes that Thanos, Loki and Mimir brought to the Go library's users. With {@code dnssrvnoa+} those leave it
     * to the library to look up the hosts that the SRV records name, which comes to the same here.
     */
    private static final Map<String, Kind> KINDS =
            Map.of("dns", Kind.DNS, "dnssrv", Kind.DNS_SRV, "dnssrvnoa", Kind.DNS_SRV);

    /** What can stand in no host name and no service's: white space, control characters and what separates addresses. */
    private static final Pattern HOST = Pattern.compile("[^\\s\\p{Cntrl}\\[\\]{}$:/?#@,;%\"']+");

    /** A port above those that need privileges. */
    private static final Pattern PORT_AT_END = Pattern.compile(":[1-9][0-9]{3,4}");

    /** What ends in a number is meant as an IPv4 address; no top-level domain is a number. */
    private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?[0-9]{1,10}\\.?");

    private static final Pattern IPV4 =
            Pattern.compile("(NUMBER\\.){3}NUMBER".replace("NUMBER", "(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)"));

    /** What would otherwise be a member's name before a host. A name that begins in this way has an address behind it. */
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/]*/?");

    /**
     * {@return what the text stands for}
     *
     * @param text as in {@link io.memberlist.Memberlist#join(java.util.Collection)}
     * @param defaultPort where the text names no port
     * @throws MemberlistException if the text is no address; the message names it and the forms that are
     */
    public static SeedAddress parse(String text, int defaultPort) {
        String rest = text.strip();
        if (URL.matcher(rest).matches()) {
            throw unusable(text, "it is a URL");
        }
        String name = null;
        // The last one, since a name may have more of them, as namespace/pod, and a host has none.
        int slash = rest.lastIndexOf('/');
        if (slash >= 0) {
            name = rest.substring(0, slash);
            rest = rest.substring(slash + 1);
            if (name.isEmpty()) {
                throw unusable(text, "the member's name before '/' is empty");
            }
        }
        Kind kind = Kind.HOST;
        int plus = rest.indexOf('+');
        // A plus sign is in no host name; behind a colon it may be part of an IPv6 address's zone, or of a bad port.
        if (plus >= 0 && rest.lastIndexOf(':', plus) < 0) {
            kind = KINDS.get(rest.substring(0, plus));
            if (kind == null) {
                throw unusable(text, "'" + rest.substring(0, plus) + "' before '+' is no kind of look-up");
            }
            rest = rest.substring(plus + 1);
            if (rest.indexOf('+') >= 0) {
                throw unusable(text, "only one '+' may stand in it, after the kind of look-up");
            }
        }
        String host = rest;
        int port = kind == Kind.DNS_SRV ? 0 : defaultPort;
        int bracket = rest.indexOf(']');
        int colon = rest.lastIndexOf(':');
        if (rest.startsWith("[")) {
            if (bracket < 0) {
                throw unusable(text, "']' is missing");
            }
            host = rest.substring(1, bracket);
            if (bracket + 1 < rest.length()) {
                if (rest.charAt(bracket + 1) != ':') {
                    throw unusable(text, "after ']' only ':port' may follow");
                }
                port = port(text, rest.substring(bracket + 2));
            }
        } else if (bracket >= 0) {
            throw unusable(text, "'[' is missing");
        } else if (colon >= 0 && rest.indexOf(':') == colon) {
            // One colon only: more of them are an IPv6 address.
            host = rest.substring(0, colon);
            port = port(text, rest.substring(colon + 1));
        }
        if (bracket < 0 && colon >= 0 && rest.indexOf(':') != colon && mayHavePort(rest, colon)) {
            throw unusable(
                    text,
                    "it may be an IPv6 address with the port " + rest.substring(colon + 1)
                            + ", or one without a port: write [" + rest.substring(0, colon) + "]"
                            + rest.substring(colon) + " or [" + rest + "]");
        }
        if (host.isBlank()) {
            throw unusable(text, "the host is empty");
        }
        if (host.indexOf(':') >= 0 ? !isIpv6(host) : !HOST.matcher(host).matches()) {
            throw unusable(text, "'" + host + "' is neither an IP address nor a host name");
        }
        if (host.indexOf(':') < 0
                && NUMBER_AT_END.matcher(host).matches()
                && !IPV4.matcher(host).matches()) {
            throw unusable(text, "'" + host + "' is no IPv4 address, which has four numbers from 0 to 255");
        }
        if (kind == Kind.DNS_SRV && host.indexOf(':') >= 0) {
            throw unusable(text, "'" + host + "' is an address, and SRV records belong to a name");
        }
        return new SeedAddress(name, new SeedLookup(kind, host, port));
    }

    /** {@return the port at which members of the same cluster are expected: the configured one, or 7946 where that is 0} */
    public static int defaultPort(MemberlistConfig config) {
        int port = config.network().bindPort();
        return port == 0 ? NetworkConfig.DEFAULT_PORT : port;
    }

    /**
     * {@return the seed with that port if it names none}
     *
     * @param seed {@code host}, {@code host:port}, {@code [v6]:port}, a bare IPv6 address, {@code dns+host},
     *     {@code dnssrv+service}, or one of them behind {@code name/}
     */
    public static String withPort(String seed, int port) {
        int slash = seed.lastIndexOf('/');
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
        // One that may have a port stays as it is, and is refused when it is parsed.
        boolean bareV6 = host.indexOf(':', colon + 1) >= 0 && !mayHavePort(host, host.lastIndexOf(':'));
        return bareV6 ? name + "[" + host + "]:" + port : seed;
    }

    /** {@return whether an IPv6 address without brackets ends like a port, and is an address without that end as well} */
    private static boolean mayHavePort(String host, int colon) {
        return PORT_AT_END.matcher(host.substring(colon)).matches() && isIpv6(host.substring(0, colon));
    }

    private static boolean isIpv6(String host) {
        int zone = host.indexOf('%');
        String address = zone < 0 ? host : host.substring(0, zone);
        try {
            // What stands in brackets is never looked up.
            InetAddress.getByName("[" + address + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(String text, String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unusable(text, "'" + digits + "' is no port number");
        }
        // Anything longer is out of range, and might not fit an int.
        int port = digits.length() > 9 ? 0 : Integer.parseInt(digits);
        if (port >= 1 && port <= 65535) {
            return port;
        }
        throw unusable(text, "the port " + digits + " is not between 1 and 65535");
    }

    private static MemberlistException unusable(String text, String why) {
        return new MemberlistException("'" + text + "' is no address to join: " + why
                + "; use host, host:port, [v6]:port, dns+host:port or dnssrv+_service._tcp.domain, with or without"
                + " name/ before it");
    }
}
