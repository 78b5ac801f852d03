package io.memberlist.spring.boot.actuate;

import java.util.Locale;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Keeps the cluster's keys out of the {@code env} and {@code configprops} endpoints, whatever these are told to show.
 * Applies where the member is switched off as well, because the keys may be set all the same.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class KeySanitizingAutoConfiguration {
    /** For the container. */
    public KeySanitizingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "memberlistKeySanitizingFunction")
    SanitizingFunction memberlistKeySanitizingFunction() {
        return SanitizingFunction.sanitizeValue().ifKeyMatches(KeySanitizingAutoConfiguration::namesKeys);
    }

    /** However it is written: as in a properties file, in camel case, or as an environment variable. */
    private static boolean namesKeys(String key) {
        String letters = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return letters.contains("memberlistencryptionkeys");
    }
}
