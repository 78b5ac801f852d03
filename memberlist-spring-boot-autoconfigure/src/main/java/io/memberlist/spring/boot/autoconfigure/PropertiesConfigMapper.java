package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.config.MessagingConfig;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.unit.DataSize;

/**
 * Carries the properties over to the engine's builder; what is not set stays as the profile has it. A property goes to the
 * setting of the same name in the group of the same name. Written out are only the few whose form differs.
 */
final class PropertiesConfigMapper {
    private PropertiesConfigMapper() {}

    static MemberlistConfigBuilder builder(MemberlistProperties properties) {
        MemberlistConfigBuilder builder = properties.profile().preset();
        copy("", properties, builder);
        builder.meta(meta(properties));
        String advertised = properties.network().advertiseNetwork();
        if (advertised != null) {
            builder.network(
                    network -> network.advertiseNetwork(network("memberlist.network.advertise-network", advertised)));
        }
        List<String> networks = properties.network().allowedNetworks();
        if (networks != null) {
            builder.network(network -> network.allowedNetworks(networks(networks)));
        }
        List<String> labels = properties.network().acceptedLabels();
        if (labels != null) {
            builder.network(network -> network.acceptedLabels(labels));
        }
        List<String> keys = properties.encryption().keys();
        if (keys != null) {
            builder.encryption(encryption -> encryption.keyring(EncryptionKeys.keyring(keys)));
        }
        Set<String> withoutStreamPings = Set.copyOf(properties.probe().disableStreamPingsFor());
        if (!withoutStreamPings.isEmpty()) {
            builder.probe(probe -> probe.disableStreamPingsFor(withoutStreamPings::contains));
        }
        return builder;
    }

    /** {@return the settings of cluster messages} */
    static MessagingConfig messaging(MemberlistProperties properties) {
        MessagingConfig.Builder builder = MessagingConfig.builder();
        copy("messaging.", properties.messaging(), builder);
        return builder.build();
    }

    /**
     * Calls each setter of the builder with the property of its name, where one is set and of its type, and the builders of
     * groups with the properties of the group.
     */
    private static void copy(String path, Object properties, Object builder) {
        for (Method setter : builder.getClass().getMethods()) {
            Object value = setter.getParameterCount() == 1 ? property(setter.getName(), properties) : null;
            if (value == null || value instanceof List) {
                continue;
            }
            Class<?> type = setter.getParameterTypes()[0];
            String name = path + SettingNames.kebab(setter.getName());
            if (type == Consumer.class) {
                Consumer<Object> group = inner -> copy(name + ".", value, inner);
                ReflectionUtils.invokeMethod(setter, builder, group);
            } else if (value instanceof DataSize size) {
                ReflectionUtils.invokeMethod(setter, builder, bytes(name, size));
            } else if (ClassUtils.isAssignableValue(type, value)) {
                ReflectionUtils.invokeMethod(setter, builder, value);
            }
        }
    }

    private static @Nullable Object property(String name, Object properties) {
        Method getter = ReflectionUtils.findMethod(properties.getClass(), name);
        return getter == null || getter.getDeclaringClass() == Object.class
                ? null
                : ReflectionUtils.invokeMethod(getter, properties);
    }

    private static byte[] meta(MemberlistProperties properties) {
        if (properties.tags().isEmpty()) {
            return properties.meta().getBytes(StandardCharsets.UTF_8);
        }
        if (!properties.meta().isEmpty()) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.meta",
                    "memberlist.tags is set as well, and both are carried in the metadata of the member",
                    "keep one of memberlist.meta and memberlist.tags");
        }
        try {
            return MemberTags.encode(properties.tags());
        } catch (InvalidSettingException e) {
            InvalidMemberlistPropertyException translated = SettingNames.translate(e);
            throw new InvalidMemberlistPropertyException(
                    "memberlist.tags", translated.problem(), translated.remedy(), e);
        }
    }

    private static List<Cidr> networks(List<String> texts) {
        List<Cidr> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            networks.add(network("memberlist.network.allowed-networks[" + i + "]", texts.get(i)));
        }
        return networks;
    }

    private static Cidr network(String property, String text) {
        try {
            return Cidr.parse(text);
        } catch (MemberlistException e) {
            throw new InvalidMemberlistPropertyException(
                    property,
                    "'" + text + "' is no network in CIDR notation",
                    "write an address, a slash and the number of its bits that count (at most 32 for IPv4, 128 for"
                            + " IPv6), as 10.0.0.0/8 or fd00::/8",
                    e);
        }
    }

    private static int bytes(String name, DataSize size) {
        if (size.isNegative()) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist." + name, "it is " + size + ", which is negative", "choose a size of zero or above");
        }
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist." + name, "it is " + size + ", more than an array can have", "choose a size below 2GB");
        }
        return (int) size.toBytes();
    }
}
