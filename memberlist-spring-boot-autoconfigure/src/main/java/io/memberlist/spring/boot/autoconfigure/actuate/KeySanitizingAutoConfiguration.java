package io.memberlist.spring.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Keeps the cluster's keys out of the {@code env} and {@code configprops} endpoints, whatever these are told to show.
 * Applies where the member is switched off as well, because the keys may be set all the same.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class KeySanitizingAutoConfiguration {
    /** 16 bytes in Base64. Shorter ones are none, and might be found in anything. */
    private static final int SHORTEST_KEY = 22;

    /** Is called by the container. */
    public KeySanitizingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "memberlistKeySanitizingFunction")
    SanitizingFunction memberlistKeySanitizingFunction(Environment environment) {
        Supplier<List<String>> keys = SingletonSupplier.of(() -> keys(environment));
        return SanitizingFunction.sanitizeValue()
                .ifMatches(data -> namesKeys(data.getKey()) || holdsOne(data.getValue(), keys.get()));
    }

    /** A variable that a placeholder names has any name, and the command line of the JVM is a property too. */
    private static boolean holdsOne(@Nullable Object value, List<String> keys) {
        return value != null && keys.stream().anyMatch(String.valueOf(value)::contains);
    }

    /** {@return the keys as they are written; none where they cannot be read, which the member complains of} */
    private static List<String> keys(Environment environment) {
        try {
            return Binder.get(environment)
                    .bind("memberlist.encryption.keys", Bindable.listOf(String.class))
                    .orElse(List.of())
                    .stream()
                    .map(String::strip)
                    .filter(key -> key.length() >= SHORTEST_KEY)
                    .toList();
        } catch (BindException e) {
            return List.of();
        }
    }

    /** However it is written: as in a properties file, in camel case, or as an environment variable. */
    private static boolean namesKeys(String key) {
        String letters = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return letters.contains("memberlistencryptionkeys");
    }
}
