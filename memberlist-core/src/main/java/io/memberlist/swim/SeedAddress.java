package io.memberlist.swim;

import io.memberlist.MemberlistException;
import org.jspecify.annotations.Nullable;

/**
 * Where to join: {@code host}, {@code host:port}, {@code [v6]:port} or {@code name/host:port}.
 *
 * @param name the member's name, or null where it was not given
 * @param host an IP address (without brackets) or a host name
 * @param port 1 to 65535
 */
record SeedAddress(@Nullable String name, String host, int port) {
    /** @throws MemberlistException if the text is no address; the message names it and the forms that are */
    static SeedAddress parse(String text, int defaultPort) {
        String rest = text.strip();
        String name = null;
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            name = rest.substring(0, slash);
            rest = rest.substring(slash + 1);
            if (name.isEmpty()) {
                throw unusable(text, "the member's name before '/' is empty");
            }
            if (rest.indexOf('/') >= 0) {
                throw unusable(text, "only one '/' may stand in it, after the member's name");
            }
        }
        String host = rest;
        int port = defaultPort;
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
            // More than one colon without brackets is an IPv6 address, which then has no port.
            host = rest.substring(0, colon);
            port = port(text, rest.substring(colon + 1));
        }
        if (host.isBlank()) {
            throw unusable(text, "the host is empty");
        }
        return new SeedAddress(name, host, port);
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
        return new MemberlistException(
                "'" + text + "' is no address to join: " + why + "; use host, host:port, [v6]:port or name/host:port");
    }
}
