package io.memberlist.spring.boot.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.springframework.cloud.client.DefaultServiceInstance;

/** A member as an instance of a service, whose host may be an IPv6 address. */
final class MemberServiceInstance extends DefaultServiceInstance {
    MemberServiceInstance(
            String name, String service, String host, int port, boolean secure, Map<String, String> metadata) {
        super(name, service, host, port, secure, metadata);
    }

    @Override
    public String getScheme() {
        return isSecure() ? "https" : "http";
    }

    @Override
    public URI getUri() {
        try {
            return new URI(getScheme(), null, getHost(), getPort(), null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("'" + getHost() + "' is no host that a URI can name", e);
        }
    }
}
