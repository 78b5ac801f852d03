package io.memberlist.spring.boot.autoconfigure.health;

import io.memberlist.Memberlist;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistConnectionDetails;
import io.memberlist.spring.boot.autoconfigure.MemberlistProperties;
import io.memberlist.spring.boot.health.MemberlistHealthIndicator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Adds the {@code memberlist} health contributor where Boot's health support is present: an indicator, or a composite with
 * one indicator for each {@link Memberlist} bean where there are several.
 */
@AutoConfiguration(after = MemberlistAutoConfiguration.class)
@ConditionalOnClass({Memberlist.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("memberlist")
public final class MemberlistHealthContributorAutoConfiguration {
    /** Is called by the container. */
    public MemberlistHealthContributorAutoConfiguration() {}

    /** Asks the members. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
    @ConditionalOnBean(Memberlist.class)
    @EnableConfigurationProperties(MemberlistProperties.class)
    static class OfMembers extends CompositeHealthContributorConfiguration<MemberlistHealthIndicator, Memberlist> {
        OfMembers(MemberlistProperties properties, ObjectProvider<MemberlistConnectionDetails> details) {
            super(member -> new MemberlistHealthIndicator(member, outOfServiceUntilJoined(properties, details)));
        }

        @Bean
        @ConditionalOnMissingBean(name = {"memberlistHealthIndicator", "memberlistHealthContributor"})
        HealthContributor memberlistHealthContributor(ConfigurableListableBeanFactory beans) {
            return createContributor(beans, Memberlist.class);
        }

        private static boolean outOfServiceUntilJoined(
                MemberlistProperties properties, ObjectProvider<MemberlistConnectionDetails> details) {
            List<String> seeds = details.stream()
                    .findFirst()
                    .map(MemberlistConnectionDetails::seeds)
                    .orElseGet(properties::join);
            return properties.health().outOfServiceUntilJoined() && !seeds.isEmpty();
        }
    }

    /** A health group that names {@code memberlist} must be valid in every environment, also where there is no member. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "memberlist.enabled", havingValue = false)
    static class Disabled {
        @Bean
        @ConditionalOnMissingBean(name = {"memberlistHealthIndicator", "memberlistHealthContributor"})
        HealthIndicator memberlistHealthContributor() {
            return () -> Health.up()
                    .withDetail("reason", "this application is no member, since memberlist.enabled is false")
                    .build();
        }
    }
}
