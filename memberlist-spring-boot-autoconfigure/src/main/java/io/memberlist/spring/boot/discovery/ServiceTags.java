package io.memberlist.spring.boot.discovery;

import io.memberlist.member.Member;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/** The tags with which a member names its service. They are short because all tags share 512 bytes. */
public final class ServiceTags {
    /** The name of the service; a member without this tag is no instance. */
    public static final String SERVICE = "service";
    /** The port of the service, 1 to 65535; a member without this tag is no instance. */
    public static final String PORT = "service.port";
    /** The scheme of the service, {@code https} or {@code http}; {@code http} if the tag is absent. */
    public static final String SCHEME = "service.scheme";
    /** The host of the service, if it is not the member's address. */
    public static final String HOST = "service.host";

    private ServiceTags() {}

    /** {@return the member as an instance of its service; empty if its tags name no service or no valid port} */
    public static Optional<ServiceInstance> instance(Member member) {
        Map<String, String> metadata = new TreeMap<>(member.tags());
        String service = metadata.remove(SERVICE);
        int port = port(metadata.remove(PORT));
        if (service == null || service.isEmpty() || port == 0) {
            return Optional.empty();
        }
        String host = metadata.remove(HOST);
        return Optional.of(new MemberServiceInstance(
                member.name(),
                service,
                host == null || host.isEmpty() ? member.address().getAddress().getHostAddress() : host,
                port,
                "https".equals(metadata.remove(SCHEME)),
                Map.copyOf(metadata)));
    }

    /** Other members' tags can have any value. */
    private static int port(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : 0;
    }
}
