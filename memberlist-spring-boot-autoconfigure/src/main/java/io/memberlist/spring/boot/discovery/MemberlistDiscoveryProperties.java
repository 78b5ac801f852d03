package io.memberlist.spring.boot.discovery;

import io.memberlist.config.ConfigRules;
import io.memberlist.member.InvalidSettingException;
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
    /**
     * Refuses values with which nobody would find the service.
     *
     * @throws InvalidSettingException if the port or the scheme is none
     */
    public MemberlistDiscoveryProperties {
        if (port != null) {
            ConfigRules.range("memberlist.discovery.port", port, 1, 65535);
        }
        if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidSettingException(
                    "memberlist.discovery.scheme",
                    "memberlist.discovery.scheme is '" + scheme + "': use http or https");
        }
    }
}
