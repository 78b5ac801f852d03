package io.memberlist.transport.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name servers to ask, and how short names are completed, from a file in the form of {@code /etc/resolv.conf}.
 *
 * @param addresses in the order of preference; empty where there are none
 * @param search domains that are appended to a short name
 * @param options how they are asked
 */
record NameServers(List<InetSocketAddress> addresses, List<String> search, DnsOptions options) {
    private static final Logger log = LoggerFactory.getLogger(NameServers.class);

    /** The C library uses as many. */
    private static final int MAX_ADDRESSES = 3;

    private static final int PORT = 53;

    /** {@return what a file says; without addresses if it cannot be read} */
    static NameServers read(String path) {
        try {
            // Only comments may have other characters than ASCII, in whatever encoding.
            return parse(Files.readAllLines(Path.of(path), StandardCharsets.ISO_8859_1));
        } catch (IOException | InvalidPathException e) {
            log.debug("No name servers: cannot read {}: {}", path, e.toString());
            return new NameServers(List.of(), List.of(), DnsOptions.DEFAULT);
        }
    }

    static NameServers parse(List<String> lines) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        List<String> search = List.of();
        DnsOptions options = DnsOptions.DEFAULT;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 2) {
                continue;
            }
            switch (words[0]) {
                case "nameserver" -> {
                    InetSocketAddress address = address(words[1]);
                    if (address == null) {
                        log.debug("Ignoring the name server {}: it is no IP address, with or without a port", words[1]);
                    } else if (addresses.size() < MAX_ADDRESSES) {
                        addresses.add(address);
                    }
                }
                // The last of several such lines counts.
                case "domain" -> search = List.of(words[1]);
                case "search" -> search = List.of(words).subList(1, words.length);
                case "options" -> {
                    for (String word : words) {
                        options = options.with(word);
                    }
                }
                default -> {
                    // Comments, and settings that do not concern us.
                }
            }
        }
        return new NameServers(addresses, search, options);
    }

    /** Reads an address with or without a port, as the Go library does. */
    private static @Nullable InetSocketAddress address(String text) {
        String host = text;
        int port = PORT;
        int colon = text.lastIndexOf(':');
        // The colons of an IPv6 address without brackets belong to the address.
        if (colon > text.indexOf(']') && (text.startsWith("[") || colon == text.indexOf(':'))) {
            String digits = text.substring(colon + 1);
            port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
            host = text.substring(0, colon);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!SeedResolver.isLiteral(host) || port < 1 || port > 65535) {
            return null;
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        return address.isUnresolved() ? null : address;
    }

    int ndots() {
        return options.ndots();
    }

    /** {@return the full names that a name may stand for, in the order in which to try them, without a dot at the end} */
    List<String> fullNames(String name) {
        if (name.endsWith(".")) {
            return List.of(name.substring(0, name.length() - 1));
        }
        List<String> names = new ArrayList<>();
        for (String domain : search) {
            String bare = domain.replaceAll("^\\.+|\\.+$", "");
            names.add(bare.isEmpty() ? name : name + "." + bare);
        }
        boolean fullAsItIs = name.chars().filter(c -> c == '.').count() >= ndots();
        names.add(fullAsItIs ? 0 : names.size(), name);
        return names;
    }
}
