package io.memberlist.spring.boot.autoconfigure.actuate;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.spring.boot.actuate.ClusterKeyOperations;
import io.memberlist.spring.boot.actuate.MembersEndpoint;
import io.memberlist.spring.boot.actuate.MembersEndpointWebExtension;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
    MembersEndpoint membersEndpoint(
            Memberlist memberlist, MemberlistProperties properties, ObjectProvider<ClusterKeyOperations> clusterKeys) {
        return new MembersEndpoint(memberlist, properties.leaveTimeout(), clusterKeys.getIfAvailable());
    }

    /** Changes the keys of all members. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClusterKeys.class)
    static class KeysOfTheCluster {
        @Bean
        @Nullable
        ClusterKeyOperations memberlistClusterKeyOperations(ObjectProvider<ClusterKeys> keys) {
            ClusterKeys available = keys.getIfAvailable();
            return available == null ? null : new ClusterKeyOperations(available);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(MembersEndpoint.class)
    MembersEndpointWebExtension membersEndpointWebExtension(MembersEndpoint endpoint) {
        return new MembersEndpointWebExtension(endpoint);
    }
}
