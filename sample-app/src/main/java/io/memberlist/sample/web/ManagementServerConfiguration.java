package io.memberlist.sample.web;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * Protects Actuator as the page, if {@code management.server.port} gives it a server of its own: that server does not
 * take over filters, nor {@code server.address}, and {@code management.server.address} may not be set without the port.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementServerConfiguration {
    @Bean
    FilterRegistrationBean<RequestGuard> requestGuardRegistration(RequestGuard guard) {
        FilterRegistrationBean<RequestGuard> registration = new FilterRegistrationBean<>(guard);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** Comes after Boot's own customizer of the management server, whose order is 0. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableWebServerFactory> managementAddress(
            ManagementServerProperties management, ServerProperties server) {
        return factory -> {
            if (management.getAddress() == null) {
                factory.setAddress(server.getAddress());
            }
        };
    }
}
