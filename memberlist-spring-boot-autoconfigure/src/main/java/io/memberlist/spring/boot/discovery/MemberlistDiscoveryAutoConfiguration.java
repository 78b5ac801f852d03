package io.memberlist.spring.boot.discovery;

import io.memberlist.Memberlist;
import io.memberlist.spring.discovery.ClusterServices;
import io.memberlist.spring.event.MembershipEvent;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheManager;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** Shows members to Spring Cloud as instances of services where Spring Cloud Commons is present. */
@AutoConfiguration(
        after = MemberlistServicesAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.CommonsClientAutoConfiguration",
            "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration"
        })
@ConditionalOnClass({Memberlist.class, DiscoveryClient.class})
@ConditionalOnDiscoveryEnabled
@ConditionalOnSingleCandidate(ClusterServices.class)
public final class MemberlistDiscoveryAutoConfiguration {
    /** Is called by the container. */
    public MemberlistDiscoveryAutoConfiguration() {}

    @Bean
    ApplicationListener<MembershipEvent> memberlistDiscoveryHeartbeat(ApplicationEventPublisher publisher) {
        return new DiscoveryHeartbeat(publisher);
    }

    /** Keeps Spring Cloud LoadBalancer up to date. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(LoadBalancerCacheManager.class)
    static class LoadBalancer {
        @Bean
        LoadBalancerCacheEviction memberlistLoadBalancerCacheEviction(BeanFactory beans) {
            // the managers are no candidates for injection
            return new LoadBalancerCacheEviction(beans.getBeanProvider(LoadBalancerCacheManager.class));
        }
    }

    /** The client of Spring Cloud's blocking interface. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class Blocking {
        @Bean
        @ConditionalOnMissingBean
        MemberlistDiscoveryClient memberlistDiscoveryClient(ClusterServices services) {
            return new MemberlistDiscoveryClient(services);
        }
    }

    /** The client of Spring Cloud's reactive interface. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Flux.class)
    @ConditionalOnReactiveDiscoveryEnabled
    static class Reactive {
        @Bean
        @ConditionalOnMissingBean
        MemberlistReactiveDiscoveryClient memberlistReactiveDiscoveryClient(ClusterServices services) {
            return new MemberlistReactiveDiscoveryClient(services);
        }
    }
}
