package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.extension.Extension;
import io.memberlist.spring.CallbackThread;
import io.memberlist.transport.TransportFactory;
import org.springframework.beans.factory.ObjectProvider;

/** The beans that a member's configuration is completed with. */
record MemberParts(
        CallbackThread callbacks,
        ObjectProvider<TransportFactory> network,
        ObjectProvider<Keyring> keyring,
        DelegateBeans delegates,
        ObjectProvider<Extension> extensions,
        ObjectProvider<MemberlistCustomizer> customizers) {
    /** {@return the configuration with the beans added to it, and not customized yet} */
    MemberlistConfigBuilder addTo(MemberlistConfig config) {
        MemberlistConfigBuilder builder = config.toBuilder();
        if (config.callbackExecutor() == null) {
            builder.callbackExecutor(callbacks.executor());
        }
        if (config.transportFactory() == null) {
            builder.transportFactory(network.getIfAvailable());
        }
        keyring.ifAvailable(ring -> builder.encryption(encryption -> encryption.keyring(ring)));
        delegates.addTo(config, builder);
        extensions.orderedStream().forEach(builder::extension);
        return builder;
    }

    /** Lets the customizers change the configuration, in their order. */
    MemberlistConfigBuilder customize(MemberlistConfigBuilder builder) {
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder;
    }
}
