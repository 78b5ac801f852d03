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
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Adds the {@code memberlist} health contributor where Boot's health support is present: an indicator, or a composite with
 * one indicator for each {@link Memberlist} bean where there are several.
 */
@AutoConfiguration(after = MemberlistAutoConfiguration.class)
@ConditionalOnClass({Memberlist.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnBean(Memberlist.class)
@ConditionalOnEnabledHealthIndicator("memberlist")
@EnableConfigurationProperties(MemberlistProperties.class)
public final class MemberlistHealthContributorAutoConfiguration
        extends CompositeHealthContributorConfiguration<MemberlistHealthIndicator, Memberlist> {
    MemberlistHealthContributorAutoConfiguration(
            MemberlistProperties properties, ObjectProvider<MemberlistConnectionDetails> details) {
        super(member -> new MemberlistHealthIndicator(member, aloneIsDown(properties, details)));
    }

    @Bean
    @ConditionalOnMissingBean(name = {"memberlistHealthIndicator", "memberlistHealthContributor"})
    HealthContributor memberlistHealthContributor(ConfigurableListableBeanFactory beans) {
        return createContributor(beans, Memberlist.class);
    }

    private static boolean aloneIsDown(
            MemberlistProperties properties, ObjectProvider<MemberlistConnectionDetails> details) {
        List<String> seeds = details.stream()
                .findFirst()
                .map(MemberlistConnectionDetails::seeds)
                .orElseGet(properties::join);
        return properties.health().aloneIsDown() && !seeds.isEmpty();
    }
}
