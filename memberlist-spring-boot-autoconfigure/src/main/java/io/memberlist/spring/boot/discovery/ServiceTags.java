package io.memberlist.spring.boot.discovery;

import io.memberlist.member.Member;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/** The tags by which a member says which service it is an instance of. Short: all tags share 512 bytes. */
public final class ServiceTags {
    /** The name of the service; members without it are not instances of any. */
    public static final String SERVICE = "service";
    /** Where the service listens, 1 to 65535; members without it are not instances of any. */
    public static final String PORT = "service.port";
    /** How to talk to it, {@code https} or {@code http}; {@code http} where it is not said. */
    public static final String SCHEME = "service.scheme";
    /** The host to be used instead of the address of the member. */
    public static final String HOST = "service.host";

    private ServiceTags() {}

    /** {@return the member as an instance of its service; nothing where its tags name none, or no possible port} */
    public static Optional<ServiceInstance> instance(Member member) {
        Map<String, String> metadata = new TreeMap<>(member.tags());
        String service = metadata.remove(SERVICE);
        int port = port(metadata.remove(PORT));
        if (service == null || service.isEmpty() || port == 0) {
            return Optional.empty();
        }
        String scheme = metadata.remove(SCHEME);
        String host = metadata.remove(HOST);
        return Optional.of(new MemberServiceInstance(
                member.name(),
                service,
                host == null || host.isEmpty() ? member.address().getAddress().getHostAddress() : host,
                port,
                "https".equals(scheme) ? "https" : "http",
                Map.copyOf(metadata)));
    }

    /** What other members say may be anything. */
    private static int port(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : 0;
    }
}
