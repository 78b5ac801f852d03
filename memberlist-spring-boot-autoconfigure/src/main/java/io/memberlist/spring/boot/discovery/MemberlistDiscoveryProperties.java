package io.memberlist.spring.boot.discovery;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How members are instances of services.
 *
 * @param enabled Whether members are instances of services, also for Spring Cloud's DiscoveryClient.
 * @param serviceId Service that this application is an instance of. Defaults to spring.application.name.
 * @param host Host that others shall use to reach the service. Defaults to the address of the member.
 * @param port Port that the service listens at. Defaults to that of the web server; without either the application is not
 *     announced.
 * @param scheme Scheme of the service, http or https. Defaults to what the web server speaks.
 */
@ConfigurationProperties(prefix = "memberlist.discovery", ignoreUnknownFields = false)
public record MemberlistDiscoveryProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String serviceId,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String scheme) {
    /** Refuses values with which nobody would find the service. */
    public MemberlistDiscoveryProperties {
        if (port != null && (port < 1 || port > 65535)) {
            throw new IllegalArgumentException("memberlist.discovery.port is " + port
                    + ": give it the port that the service listens at, 1 to 65535, or leave it out for that of the web"
                    + " server");
        }
        if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "memberlist.discovery.scheme is '" + scheme + "': it must be http or https");
        }
    }
}
