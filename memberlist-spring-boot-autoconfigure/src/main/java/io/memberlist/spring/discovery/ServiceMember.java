package io.memberlist.spring.discovery;

import io.memberlist.member.Member;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member that is an instance of a service, as its {@linkplain ServiceTags tags} say. Other members' tags can have any
 * value: treat them like any other input.
 *
 * @param member the member, whose name is the id of the instance
 * @param service the name of the service
 * @param host the host to use: the member's address, unless it names another
 * @param port the port at which the service listens, 1 to 65535
 * @param secure whether the scheme is https
 * @param metadata the other tags of the member
 */
public record ServiceMember(
        Member member, String service, String host, int port, boolean secure, Map<String, String> metadata) {
    /** {@return the member as an instance of its service; empty if its tags name no service or no valid port} */
    public static Optional<ServiceMember> of(Member member) {
        Map<String, String> metadata = new TreeMap<>(member.tags());
        String service = metadata.remove(ServiceTags.SERVICE);
        int port = port(metadata.remove(ServiceTags.PORT));
        if (service == null || service.isEmpty() || port == 0) {
            return Optional.empty();
        }
        String host = metadata.remove(ServiceTags.HOST);
        return Optional.of(new ServiceMember(
                member,
                service,
                host == null || host.isEmpty() ? member.address().getAddress().getHostAddress() : host,
                port,
                "https".equals(metadata.remove(ServiceTags.SCHEME)),
                Map.copyOf(metadata)));
    }

    /** {@return {@code https} or {@code http}} */
    public String scheme() {
        return secure ? "https" : "http";
    }

    /**
     * {@return the address of the service, such as {@code http://10.0.0.2:8080}}
     *
     * @throws IllegalStateException if the member names a host that cannot be part of a URI
     */
    public URI uri() {
        try {
            return new URI(scheme(), null, host, port, null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("'" + host + "' is no host that a URI can name", e);
        }
    }

    private static int port(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : 0;
    }
}
