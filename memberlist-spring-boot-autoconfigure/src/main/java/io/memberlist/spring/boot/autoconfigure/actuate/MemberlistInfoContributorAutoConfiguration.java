package io.memberlist.spring.boot.autoconfigure.actuate;

import io.memberlist.Memberlist;
import io.memberlist.spring.boot.actuate.MemberlistInfoContributor;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Tells the {@code info} endpoint of the member, unless {@code management.info.memberlist.enabled} says not to. */
@AutoConfiguration(after = MemberlistAutoConfiguration.class)
@ConditionalOnClass({Memberlist.class, InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Memberlist.class)
@ConditionalOnEnabledInfoContributor("memberlist")
public final class MemberlistInfoContributorAutoConfiguration {
    /** Is called by the container. */
    public MemberlistInfoContributorAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MemberlistInfoContributor memberlistInfoContributor(Memberlist memberlist) {
        return new MemberlistInfoContributor(memberlist);
    }
}
