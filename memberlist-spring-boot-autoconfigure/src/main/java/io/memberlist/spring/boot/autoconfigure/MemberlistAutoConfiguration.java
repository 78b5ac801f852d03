package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.extension.Extension;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.spring.CallbackThread;
import io.memberlist.spring.MemberlistLifecycle;
import io.memberlist.spring.MockedMember;
import io.memberlist.spring.NetworkLifecycle;
import io.memberlist.spring.event.ContextEvents;
import io.memberlist.spring.event.MemberlistEventPublisher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Makes the application a member of a cluster. */
@AutoConfiguration
@ConditionalOnClass(Memberlist.class)
@ConditionalOnBooleanProperty(name = "memberlist.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MemberlistProperties.class)
@Import({
    DelegateBeans.Listeners.class,
    DelegateBeans.Vetoes.class,
    DelegateBeans.Owners.class,
    DelegateBeans.class,
    MemberParts.class,
    MemberPlanner.class,
    PlaintextByMistake.class,
    TlsBundles.class,
    TransportParts.class
})
public final class MemberlistAutoConfiguration {
    /** Is called by the container. */
    public MemberlistAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(MemberlistConnectionDetails.class)
    PropertiesMemberlistConnectionDetails memberlistConnectionDetails(MemberlistProperties properties) {
        return new PropertiesMemberlistConnectionDetails(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    CallbackThread memberlistCallbackThread() {
        return new CallbackThread();
    }

    @Bean
    @ConditionalOnMissingBean
    ContextEvents memberlistContextEvents(ApplicationContext context) {
        return new ContextEvents(context);
    }

    @Bean
    @ConditionalOnMissingBean
    MemberlistEventPublisher memberlistEventPublisher(ContextEvents events, CallbackThread callbacks) {
        return new MemberlistEventPublisher(events::publish, callbacks.executor());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(Memberlist.class)
    MemberlistLifecycle memberlistLifecycle(
            Memberlist memberlist,
            MemberlistProperties properties,
            MemberlistConnectionDetails details,
            MemberlistEventPublisher events,
            BeanFactory beans) {
        List<String> seeds =
                MockedMember.is(memberlist) ? List.of() : Seeds.checked(details, memberlist.config(), beans);
        return new MemberlistLifecycle(memberlist, seeds, properties.leaveTimeout(), events);
    }

    /** Checks the members that are beans of the application; the one that is made here was checked before. */
    @Bean
    SmartInitializingSingleton memberlistPlaintextCheck(
            ObjectProvider<Memberlist> members, PlaintextByMistake plaintext) {
        return () -> members.stream().filter(member -> !MockedMember.is(member)).forEach(plaintext::refuse);
    }

    /** The member, where the application has none of its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Memberlist.class)
    static class MemberConfiguration {
        @Bean
        MemberlistBinder memberlistBinder(MemberPlanner planner) {
            return new MemberlistBinder(planner.plan(), Memberlist::create);
        }

        @Bean(destroyMethod = "close")
        Memberlist memberlist(MemberlistBinder binder) {
            return binder.bind();
        }

        @Bean
        NetworkLifecycle memberlistNetworkLifecycle(
                Memberlist memberlist, MemberlistBinder binder, MemberlistEventPublisher events) {
            return new NetworkLifecycle(memberlist, () -> {
                events.forgetHeld();
                binder.restart(memberlist);
            });
        }

        /** Attaches cluster messages to the member. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(ClusterMessaging.class)
        @ConditionalOnBooleanProperty(name = "memberlist.messaging.enabled", matchIfMissing = true)
        static class Messaging {
            @Bean
            @ConditionalOnMissingBean
            ClusterMessaging memberlistMessaging(MemberlistProperties properties) {
                try {
                    return ClusterMessaging.create(PropertiesConfigMapper.messaging(properties));
                } catch (InvalidSettingException e) {
                    throw SettingNames.translate(e);
                }
            }

            @Bean
            Extension memberlistMessagingExtension(ClusterMessaging messaging) {
                return messaging.extension();
            }

            /** Lets the keys of this member be changed together with those of all others, where it is safe. */
            @Bean
            @ConditionalOnMissingBean
            @Nullable
            ClusterKeys memberlistClusterKeys(Memberlist memberlist) {
                return !MockedMember.is(memberlist) && ClusterKeys.possibleWith(memberlist.config())
                        ? new ClusterKeys(memberlist)
                        : null;
            }
        }
    }
}
