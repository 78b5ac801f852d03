package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.InvalidSettingException;
import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.MemberlistConfigBuilder;
import io.memberlist.spring.CallbackThread;
import io.memberlist.spring.JoinRetry;
import io.memberlist.spring.MemberlistLifecycle;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.transport.TransportFactory;
import java.time.Duration;
import java.util.function.IntFunction;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Makes the application a member of a cluster. */
@AutoConfiguration
@ConditionalOnClass(Memberlist.class)
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MemberlistProperties.class)
public final class MemberlistAutoConfiguration {
    /** For the container. */
    public MemberlistAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CallbackThread memberlistCallbackThread() {
        return new CallbackThread();
    }

    @Bean
    @ConditionalOnMissingBean
    MemberlistEventPublisher memberlistEventPublisher(ApplicationEventPublisher publisher, CallbackThread callbacks) {
        return new MemberlistEventPublisher(publisher, callbacks.executor());
    }

    @Bean
    @ConditionalOnMissingBean
    MemberlistBinder memberlistBinder() {
        return new MemberlistBinder(Memberlist::create);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Memberlist memberlist(
            MemberlistProperties properties,
            MemberlistBinder binder,
            CallbackThread callbacks,
            ListableBeanFactory beans,
            ObjectProvider<MemberlistCustomizer> customizers,
            Environment environment) {
        try {
            return member(properties, binder, callbacks, beans, customizers, environment);
        } catch (InvalidSettingException e) {
            throw EngineSettings.translate(e);
        }
    }

    private static Memberlist member(
            MemberlistProperties properties,
            MemberlistBinder binder,
            CallbackThread callbacks,
            ListableBeanFactory beans,
            ObjectProvider<MemberlistCustomizer> customizers,
            Environment environment) {
        MemberlistConfigBuilder builder = PropertiesConfigMapper.builder(properties);
        builder.callbackExecutor(callbacks.executor());
        builder.transportFactory(beans.getBeanProvider(TransportFactory.class).getIfAvailable());
        Delegates.apply(beans, builder);
        MemberlistConfig plain = builder.build();
        String application = environment.getProperty("spring.application.name", "application");
        IntFunction<String> defaultName = port -> DefaultNodeName.of(application, plain.bindAddress(), port);
        if (properties.nodeName() == null) {
            builder.nodeName(defaultName.apply(plain.bindPort()));
        }
        String name = builder.build().nodeName();
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        MemberlistConfig config = builder.build();
        boolean portIsDefault = properties.bindPort() == null && config.bindPort() == plain.bindPort();
        boolean nameIsDefault =
                properties.nodeName() == null && config.nodeName().equals(name);
        return binder.bind(config, portIsDefault, nameIsDefault ? defaultName : null);
    }

    @Bean
    @ConditionalOnMissingBean
    MemberlistLifecycle memberlistLifecycle(
            Memberlist memberlist, MemberlistProperties properties, MemberlistEventPublisher events) {
        return new MemberlistLifecycle(
                memberlist, properties.join(), joinRetry(properties.joinRetry()), leaveTimeout(properties), events);
    }

    private static JoinRetry joinRetry(MemberlistProperties.JoinRetry retry) {
        try {
            return new JoinRetry(retry.initialDelay(), retry.maxDelay());
        } catch (IllegalArgumentException e) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.join-retry",
                    e.getMessage(),
                    "use delays above zero, the initial one not above the longest",
                    e);
        }
    }

    private static Duration leaveTimeout(MemberlistProperties properties) {
        Duration timeout = properties.leaveTimeout();
        if (timeout.isNegative()) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.leave-timeout",
                    "it is " + timeout + ", which is negative",
                    "use zero for as long as it takes, or a time-out above zero");
        }
        return timeout;
    }
}
