package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import java.util.function.IntFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/**
 * Makes the member's configuration from the properties and the beans. A {@link MemberlistConfig} bean takes the place
 * of the properties; the other beans are added to either, and customizers have the last word.
 */
record MemberPlanner(
        ObjectProvider<MemberlistConfig> config,
        MemberlistProperties properties,
        Environment environment,
        PlaintextByMistake plaintext,
        MemberParts parts,
        TransportParts transport) {
    /** @throws InvalidMemberlistPropertyException if a value cannot work, would leave the member without encryption, or has no effect */
    MemberlistBinder.Plan plan() {
        try {
            MemberlistConfig given = config.getIfAvailable();
            if (given != null) {
                transport.refuseBeside("MemberlistConfig");
            }
            MemberlistBinder.Plan plan = given == null
                    ? ofProperties()
                    : new MemberlistBinder.Plan(
                            parts.customize(parts.addTo(given)).build(), false, null);
            plaintext.refuse(
                    plan.config(),
                    given != null
                            ? "the MemberlistConfig bean takes the place of the properties, and has no keyring"
                            : "a MemberlistCustomizer took the keyring away");
            UnknownProperties.refuse(environment);
            return plan;
        } catch (InvalidSettingException e) {
            throw SettingNames.translate(e);
        }
    }

    private MemberlistBinder.Plan ofProperties() {
        MemberlistConfigBuilder builder =
                parts.addTo(PropertiesConfigMapper.builder(properties).build()).settingNames(SettingNames::property);
        MemberlistConfig plain = builder.build();
        if (plain.transportFactory() == null) {
            builder.transportFactory(transport.factory());
        } else {
            transport.refuseBeside("TransportFactory");
        }
        String application = environment.getProperty("spring.application.name", "application");
        IntFunction<String> defaultName =
                port -> DefaultNodeName.of(application, plain.network().bindAddress(), port);
        if (properties.nodeName() == null) {
            builder.nodeName(defaultName.apply(plain.network().bindPort()));
        }
        String name = builder.build().nodeName();
        MemberlistConfig customized = parts.customize(builder).build();
        boolean portIsDefault = properties.network().bindPort() == null
                && customized.network().bindPort() == plain.network().bindPort();
        boolean nameIsDefault =
                properties.nodeName() == null && customized.nodeName().equals(name);
        return new MemberlistBinder.Plan(customized, portIsDefault, nameIsDefault ? defaultName : null);
    }
}
