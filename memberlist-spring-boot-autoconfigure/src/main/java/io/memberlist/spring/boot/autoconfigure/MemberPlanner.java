package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.spring.CallbackThread;
import io.memberlist.transport.TransportFactory;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Makes the member's configuration out of the properties and the beans. A {@link MemberlistConfig} bean takes the place
 * of the properties; the other beans are added to either, and customizers have the last word.
 */
final class MemberPlanner {
    private final ListableBeanFactory beans;
    private final MemberlistProperties properties;
    private final Environment environment;

    MemberPlanner(ListableBeanFactory beans, MemberlistProperties properties, Environment environment) {
        this.beans = beans;
        this.properties = properties;
        this.environment = environment;
    }

    /** @throws InvalidMemberlistPropertyException if a value cannot work, or would leave the member without encryption */
    MemberlistBinder.Plan plan() {
        try {
            MemberlistConfig given =
                    beans.getBeanProvider(MemberlistConfig.class).getIfAvailable();
            MemberlistBinder.Plan plan = given == null
                    ? ofProperties()
                    : new MemberlistBinder.Plan(customized(withBeans(given)).build(), false, null);
            if (plan.config().keyring() == null) {
                refusePlaintextByMistake(given != null);
            }
            return plan;
        } catch (InvalidSettingException e) {
            throw EngineSettings.translate(e);
        }
    }

    private MemberlistBinder.Plan ofProperties() {
        MemberlistConfigBuilder builder =
                withBeans(PropertiesConfigMapper.builder(properties).build());
        MemberlistConfig plain = builder.build();
        String application = environment.getProperty("spring.application.name", "application");
        IntFunction<String> defaultName = port -> DefaultNodeName.of(application, plain.bindAddress(), port);
        if (properties.nodeName() == null) {
            builder.nodeName(defaultName.apply(plain.bindPort()));
        }
        String name = builder.build().nodeName();
        MemberlistConfig config = customized(builder).build();
        boolean portIsDefault = properties.bindPort() == null && config.bindPort() == plain.bindPort();
        boolean nameIsDefault =
                properties.nodeName() == null && config.nodeName().equals(name);
        return new MemberlistBinder.Plan(config, portIsDefault, nameIsDefault ? defaultName : null);
    }

    private MemberlistConfigBuilder withBeans(MemberlistConfig config) {
        MemberlistConfigBuilder builder = config.toBuilder();
        if (config.callbackExecutor() == null) {
            builder.callbackExecutor(beans.getBean(CallbackThread.class).executor());
        }
        if (config.transportFactory() == null) {
            builder.transportFactory(
                    beans.getBeanProvider(TransportFactory.class).getIfAvailable());
        }
        beans.getBeanProvider(Keyring.class).ifAvailable(builder::keyring);
        Delegates.apply(beans, config, builder);
        return builder;
    }

    private MemberlistConfigBuilder customized(MemberlistConfigBuilder builder) {
        beans.getBeanProvider(MemberlistCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(builder));
        return builder;
    }

    /** A cluster in plaintext whose owner believes it encrypted is worse than one that does not start. */
    private void refusePlaintextByMistake(boolean configIsBean) {
        MemberlistProperties.Encryption encryption = properties.encryption();
        if (encryption.keys() != null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.encryption.keys",
                    configIsBean
                            ? "the MemberlistConfig bean takes the place of the properties, and has no keyring"
                            : "a MemberlistCustomizer took the keyring away",
                    "give the keyring to the configuration in Java, or take the property away to go without encryption");
        }
        refuseStrictness("verify-incoming", encryption.verifyIncoming());
        refuseStrictness("verify-outgoing", encryption.verifyOutgoing());
        MistypedSecrets.refuse(environment);
    }

    private static void refuseStrictness(String property, @Nullable Boolean value) {
        if (Boolean.TRUE.equals(value)) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.encryption." + property,
                    "it is true, and without keys in memberlist.encryption.keys nothing is encrypted",
                    "set memberlist.encryption.keys, or take the property away to go without encryption");
        }
    }
}
