package io.memberlist.spring.boot.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.event.MemberFailedEvent;
import io.memberlist.spring.event.MemberJoinedEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheManager;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.config.LoadBalancerCacheAutoConfiguration;

/** What a {@code @LoadBalanced} client chooses, with the cache that Spring Cloud LoadBalancer has by default. */
class LoadBalancerCacheEvictionTest {
    private final Member self = TestMembers.member("self", MemberState.ALIVE, "");
    private final Member one = instance("one", "8081");
    private final Member two = instance("two", "8082");
    private final Memberlist engine = TestMembers.engine(self, one, two);
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistServicesAutoConfiguration.class,
                    MemberlistDiscoveryAutoConfiguration.class,
                    UtilAutoConfiguration.class,
                    CompositeDiscoveryClientAutoConfiguration.class,
                    CacheAutoConfiguration.class,
                    LoadBalancerAutoConfiguration.class,
                    LoadBalancerCacheAutoConfiguration.class,
                    BlockingLoadBalancerClientAutoConfiguration.class))
            .withBean(Memberlist.class, () -> engine);

    @Test
    void anInstanceThatFailedIsChosenNoMoreAndANewOneAtOnce() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(LoadBalancerCacheManager.class);
            LoadBalancerClient client = context.getBean(LoadBalancerClient.class);
            assertThat(chosen(client)).containsExactlyInAnyOrder("one", "two");

            when(engine.members()).thenReturn(List.of(self, two));
            context.publishEvent(new MemberFailedEvent(engine, one));
            assertThat(chosen(client)).containsExactly("two");

            Member three = instance("three", "8083");
            when(engine.members()).thenReturn(List.of(self, two, three));
            context.publishEvent(new MemberJoinedEvent(engine, three));
            assertThat(chosen(client)).containsExactlyInAnyOrder("two", "three");
        });
    }

    @Test
    void doesWithoutACacheAndWithoutLoadBalancer() {
        runner.withPropertyValues("spring.cloud.loadbalancer.cache.enabled=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(LoadBalancerCacheManager.class);
                    context.publishEvent(new MemberFailedEvent(engine, one));
                });
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MemberlistServicesAutoConfiguration.class, MemberlistDiscoveryAutoConfiguration.class))
                .withBean(Memberlist.class, () -> engine)
                .withClassLoader(new FilteredClassLoader("org.springframework.cloud.loadbalancer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LoadBalancerCacheEviction.class));
    }

    private static Set<String> chosen(LoadBalancerClient client) {
        return IntStream.range(0, 4)
                .mapToObj(i -> client.choose("shop"))
                .map(ServiceInstance::getInstanceId)
                .collect(Collectors.toSet());
    }

    private static Member instance(String name, String port) {
        return TestMembers.member(
                name, MemberState.ALIVE, MemberTags.encode(Map.of("service", "shop", "service.port", port)));
    }
}
