package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.spring.messaging.ClusterMessageConverter;
import io.memberlist.spring.messaging.ClusterMessageMapping;
import io.memberlist.spring.messaging.ClusterMessageReceiver;
import io.memberlist.spring.messaging.ClusterRequestResponder;
import io.memberlist.spring.messaging.ClusterTopics;
import io.memberlist.spring.messaging.JsonPayloads;
import io.memberlist.spring.messaging.MemberlistTemplate;
import io.memberlist.spring.observation.ClusterMessageObservations;
import io.memberlist.spring.observation.ClusterMessageReceiveConvention;
import io.memberlist.spring.observation.ClusterMessageSendConvention;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Configures cluster messages with objects as payloads. */
@AutoConfiguration(
        after = MemberlistAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass({Memberlist.class, ClusterMessaging.class})
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "memberlist.messaging.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Memberlist.class)
@ConditionalOnBean({ClusterMessaging.class, MemberlistEventPublisher.class})
@EnableConfigurationProperties(MemberlistProperties.class)
public final class MemberlistMessagingAutoConfiguration {
    private static final String TASK_EXECUTOR = TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME;

    /** Is called by the container. */
    public MemberlistMessagingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ClusterTopics memberlistTopics(MemberlistProperties properties) {
        try {
            return new ClusterTopics(properties.messaging().topics());
        } catch (IllegalArgumentException e) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.messaging.topics", e.getMessage(), "give every class one topic", e);
        }
    }

    @Bean
    ClusterMessageMapping memberlistMessageMapping(ClusterTopics topics, ClusterMessageConverter converter) {
        return new ClusterMessageMapping(topics, converter);
    }

    @Bean
    @ConditionalOnMissingBean
    ClusterMessageObservations memberlistMessageObservations(
            ObjectProvider<ObservationRegistry> registry,
            ObjectProvider<ClusterMessageSendConvention> send,
            ObjectProvider<ClusterMessageReceiveConvention> receive) {
        return new ClusterMessageObservations(
                registry.getIfUnique(() -> ObservationRegistry.NOOP), send.getIfAvailable(), receive.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    MemberlistTemplate memberlistTemplate(
            Memberlist memberlist,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            MemberlistProperties properties) {
        return new MemberlistTemplate(
                memberlist,
                messaging,
                mapping,
                observations,
                properties.messaging().requestTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    ClusterMessageReceiver memberlistMessageReceiver(
            ConfigurableListableBeanFactory beans,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            MemberlistEventPublisher events) {
        return new ClusterMessageReceiver(beans, messaging, mapping, observations, events);
    }

    @Bean
    @ConditionalOnMissingBean
    ClusterRequestResponder memberlistRequestResponder(
            ConfigurableListableBeanFactory beans,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            @Qualifier(TASK_EXECUTOR) ObjectProvider<Executor> executor) {
        return new ClusterRequestResponder(beans, messaging, mapping, observations, executor.getIfAvailable());
    }

    /** Converts bytes, texts, and everything else to JSON. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static class Json {
        @Bean
        @ConditionalOnMissingBean
        ClusterMessageConverter memberlistMessageConverter(ObjectProvider<JsonMapper> mapper) {
            return ClusterMessageConverter.of(new JsonPayloads(
                    mapper.getIfAvailable(() -> JsonMapper.builder().build())));
        }
    }

    /** Converts bytes and texts only. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
    static class Plain {
        @Bean
        @ConditionalOnMissingBean
        ClusterMessageConverter memberlistMessageConverter() {
            return ClusterMessageConverter.of(null);
        }
    }
}
