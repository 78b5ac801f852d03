package io.memberlist.spring.boot.discovery;

import io.memberlist.Memberlist;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.discovery.ClusterServices;
import java.util.Objects;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Finds members as instances of services, and announces this application as one. */
@AutoConfiguration(after = MemberlistAutoConfiguration.class)
@ConditionalOnClass(Memberlist.class)
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "memberlist.discovery.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Memberlist.class)
@EnableConfigurationProperties(MemberlistDiscoveryProperties.class)
public final class MemberlistServicesAutoConfiguration {
    /** Is called by the container. */
    public MemberlistServicesAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ClusterServices memberlistServices(Memberlist memberlist) {
        return new ClusterServices(memberlist);
    }

    /** Announces this application as an instance. Spring Cloud's settings count, whether it is there or not. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(
            name = {"spring.cloud.discovery.enabled", "spring.cloud.service-registry.auto-registration.enabled"},
            matchIfMissing = true)
    static class Announcement {
        @Bean
        @ConditionalOnMissingBean
        ServiceAnnouncer memberlistServiceAnnouncer(
                Memberlist memberlist, MemberlistDiscoveryProperties properties, Environment environment) {
            String application = environment.getProperty("spring.application.name", "application");
            return new ServiceAnnouncer(memberlist, Objects.requireNonNullElse(properties.serviceId(), application));
        }

        @Bean
        @ConditionalOnProperty("memberlist.discovery.port")
        SmartInitializingSingleton memberlistServiceAnnouncement(
                ServiceAnnouncer announcer, MemberlistDiscoveryProperties properties) {
            int port = Objects.requireNonNull(properties.port());
            String scheme = Objects.requireNonNullElse(properties.scheme(), "http");
            return () -> announcer.announce(port, scheme, properties.host());
        }

        /** Announces the web server's port before the member joins, because web servers start in an earlier phase. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(WebServerInitializedEvent.class)
        static class OfTheWebServer {
            @Bean
            ApplicationListener<WebServerInitializedEvent> memberlistWebServiceAnnouncement(
                    ServiceAnnouncer announcer, MemberlistDiscoveryProperties properties, Environment environment) {
                return new WebServiceAnnouncement(announcer, properties, environment);
            }
        }
    }
}
