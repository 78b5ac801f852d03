package io.memberlist.spring.boot.autoconfigure.actuate;

import io.memberlist.Memberlist;
import io.memberlist.spring.boot.actuate.MembersEndpoint;
import io.memberlist.spring.boot.actuate.MembersEndpointWebExtension;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistProperties;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Adds the {@code members} endpoint where Actuator is present and exposes it. */
@AutoConfiguration(after = MemberlistAutoConfiguration.class)
@ConditionalOnClass({Memberlist.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Memberlist.class)
@ConditionalOnAvailableEndpoint(MembersEndpoint.class)
@EnableConfigurationProperties(MemberlistProperties.class)
public final class MembersEndpointAutoConfiguration {
    /** Is called by the container. */
    public MembersEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MembersEndpoint membersEndpoint(Memberlist memberlist, MemberlistProperties properties) {
        return new MembersEndpoint(memberlist, properties.leaveTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(MembersEndpoint.class)
    MembersEndpointWebExtension membersEndpointWebExtension(MembersEndpoint endpoint) {
        return new MembersEndpointWebExtension(endpoint);
    }
}
