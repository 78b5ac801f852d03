package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.config.MessagingConfig;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What a native image cannot see by itself. The beans, properties and answers of the endpoint are seen by Spring; Netty
 * brings its own metadata.
 */
final class MemberlistRuntimeHints implements RuntimeHintsRegistrar {
    private static final String MSGPACK = "org.msgpack.core.buffer.";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        // msgpack-core chooses its buffer by name, and asks the platform for what direct buffers need
        for (String buffer : new String[] {"MessageBuffer", "MessageBufferU", "MessageBufferBE"}) {
            hints.reflection()
                    .registerTypeIfPresent(classLoader, MSGPACK + buffer, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        }
        hints.reflection()
                .registerType(TypeReference.of("sun.misc.Unsafe"), MemberCategory.ACCESS_DECLARED_FIELDS)
                .registerType(
                        TypeReference.of("java.nio.DirectByteBuffer"),
                        MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                        MemberCategory.INVOKE_DECLARED_METHODS);
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
