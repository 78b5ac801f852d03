package io.memberlist.spring.boot.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/** A member as an instance of a service. */
record MemberServiceInstance(
        String name, String service, String host, int port, String scheme, Map<String, String> metadata)
        implements ServiceInstance {
    @Override
    public String getInstanceId() {
        return name;
    }

    @Override
    public String getServiceId() {
        return service;
    }

    @Override
    public String getHost() {
        return host;
    }

    @Override
    public int getPort() {
        return port;
    }

    @Override
    public boolean isSecure() {
        return scheme.equals("https");
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public URI getUri() {
        try {
            return new URI(scheme, null, host, port, null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("'" + host + "' is no host that a URI can name", e);
        }
    }

    @Override
    public Map<String, String> getMetadata() {
        return metadata;
    }
}
