package io.memberlist.spring.boot.discovery;

import java.util.List;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Announces the application when its web server has bound its port. */
record WebServiceAnnouncement(
        ServiceAnnouncer announcer, MemberlistDiscoveryProperties properties, Environment environment)
        implements ApplicationListener<WebServerInitializedEvent> {
    private static final List<String> TLS = List.of("bundle", "key-store", "certificate");

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        boolean management = event.getApplicationContext().getServerNamespace() != null;
        int port = event.getWebServer().getPort();
        if (management || properties.port() != null || port <= 0) {
            return;
        }
        String scheme = properties.scheme();
        announcer.announce(port, scheme != null ? scheme : webScheme(), properties.host());
    }

    private String webScheme() {
        boolean tls = environment.getProperty("server.ssl.enabled", Boolean.class, true)
                && TLS.stream().anyMatch(it -> environment.getProperty("server.ssl." + it) != null);
        return tls ? "https" : "http";
    }
}
