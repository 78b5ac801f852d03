package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.config.MessagingConfig;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image cannot see by itself. The beans, properties and answers of the endpoint are seen by Spring; Netty
 * brings its own metadata.
 */
final class MemberlistRuntimeHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        // properties go to the settings of the same name
        Stream<Class<?>> groups = Stream.of(MemberlistConfig.class.getRecordComponents())
                .flatMap(group -> Stream.of(group.getType().getDeclaredClasses()));
        Stream.of(
                        Stream.of(
                                MemberlistProperties.class,
                                MemberlistConfigBuilder.class,
                                MessagingConfig.Builder.class),
                        Stream.of(MemberlistProperties.class.getDeclaredClasses()),
                        groups)
                .flatMap(types -> types)
                .forEach(type -> hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS));
        // the web extension says only that it answers with some body
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader,
                        "io.memberlist.spring.boot.actuate.MembersEndpointWebExtension$RefusalDescriptor",
                        MemberCategory.INVOKE_DECLARED_METHODS);
    }
}
