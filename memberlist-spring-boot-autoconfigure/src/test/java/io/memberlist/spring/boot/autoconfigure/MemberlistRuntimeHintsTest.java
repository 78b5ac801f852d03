package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.config.ProbeConfig;
import io.memberlist.messaging.config.MessagingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

class MemberlistRuntimeHintsTest {
    @Test
    void areFoundAndNameWhatIsUsedByReflection() throws ClassNotFoundException {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(MemberlistRuntimeHints.class::isInstance)
                .forEach(it -> it.registerHints(hints, getClass().getClassLoader()));

        Class<?> buffer = Class.forName("org.msgpack.core.buffer.MessageBuffer");
        assertThat(buffer.getDeclaredConstructors())
                .isNotEmpty()
                .allSatisfy(constructor -> assertThat(
                                RuntimeHintsPredicates.reflection().onConstructorInvocation(constructor))
                        .accepts(hints));
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of(
                                "io.memberlist.spring.boot.actuate.MembersEndpointWebExtension$RefusalDescriptor")))
                .accepts(hints);
        for (Class<?> type : List.of(
                MemberlistProperties.Probe.class,
                MemberlistConfigBuilder.class,
                ProbeConfig.Builder.class,
                MessagingConfig.Builder.class)) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(type)
                            .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
                    .accepts(hints);
        }
    }
}
