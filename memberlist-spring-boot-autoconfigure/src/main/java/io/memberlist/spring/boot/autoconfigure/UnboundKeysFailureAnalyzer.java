package io.memberlist.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Runs before Spring Boot's own analyzer, which would log a key that has a wrong index. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnboundKeysFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {
    private static final ConfigurationPropertyName KEYS = ConfigurationPropertyName.of("memberlist.encryption.keys");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        boolean keys =
                cause.getUnboundProperties().stream().anyMatch(property -> KEYS.isAncestorOf(property.getName()));
        return keys
                ? new FailureAnalysis(
                        "The list memberlist.encryption.keys has gaps: " + cause.getMessage(),
                        "Number the keys from memberlist.encryption.keys[0], which is the primary, without leaving one"
                                + " out.",
                        cause)
                : null;
    }
}
