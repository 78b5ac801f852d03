package io.memberlist.spring.boot.autoconfigure.metrics;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.MessagingMetrics;
import io.memberlist.metrics.MemberlistMetrics;
import io.memberlist.spring.MockedMember;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the member's meters where there is a registry. */
@AutoConfiguration(
        after = MemberlistAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({Memberlist.class, MeterRegistry.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Memberlist.class)
@ConditionalOnBean(MeterRegistry.class)
public final class MemberlistMetricsAutoConfiguration {
    /** Is called by the container. */
    public MemberlistMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @Nullable
    MemberlistMetrics memberlistMetrics(Memberlist memberlist) {
        return MockedMember.is(memberlist) ? null : new MemberlistMetrics(memberlist);
    }

    /** Adds the meters of cluster messages. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClusterMessaging.class)
    static class Messaging {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnSingleCandidate(ClusterMessaging.class)
        MessagingMetrics memberlistMessagingMetrics(ClusterMessaging messaging) {
            return new MessagingMetrics(messaging);
        }
    }
}
