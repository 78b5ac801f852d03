package io.memberlist.spring.boot.discovery;

import io.memberlist.Memberlist;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.event.MembershipEvent;
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
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;

/** Shows members to Spring Cloud as instances of services where Spring Cloud Commons is present. */
@AutoConfiguration(
        after = MemberlistAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.CommonsClientAutoConfiguration",
            "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration"
        })
@ConditionalOnClass({Memberlist.class, DiscoveryClient.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "memberlist.discovery.enabled", matchIfMissing = true)
@ConditionalOnDiscoveryEnabled
@ConditionalOnSingleCandidate(Memberlist.class)
@EnableConfigurationProperties(MemberlistDiscoveryProperties.class)
public final class MemberlistDiscoveryAutoConfiguration {
    /** Is called by the container. */
    public MemberlistDiscoveryAutoConfiguration() {}

    @Bean
    ApplicationListener<MembershipEvent> memberlistDiscoveryHeartbeat(ApplicationEventPublisher publisher) {
        return new DiscoveryHeartbeat(publisher);
    }

    /** The client of Spring Cloud's blocking interface. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class Blocking {
        @Bean
        @ConditionalOnMissingBean
        MemberlistDiscoveryClient memberlistDiscoveryClient(Memberlist memberlist) {
            return new MemberlistDiscoveryClient(memberlist);
        }
    }

    /** The client of Spring Cloud's reactive interface. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Flux.class)
    @ConditionalOnReactiveDiscoveryEnabled
    static class Reactive {
        @Bean
        @ConditionalOnMissingBean
        MemberlistReactiveDiscoveryClient memberlistReactiveDiscoveryClient(Memberlist memberlist) {
            return new MemberlistReactiveDiscoveryClient(memberlist);
        }
    }

    /** Announces this application as an instance. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(
            name = "spring.cloud.service-registry.auto-registration.enabled",
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
