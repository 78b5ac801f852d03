package io.memberlist.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** Explains which property is wrong, where it was set, and what to do. */
class InvalidMemberlistPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMemberlistPropertyException> {
    private final Environment environment;

    InvalidMemberlistPropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidMemberlistPropertyException cause) {
        StringBuilder description = new StringBuilder("The property ").append(cause.property());
        Origin origin = origin(cause.property());
        if (origin != null) {
            description.append(", set by ").append(origin).append(',');
        }
        description.append(" cannot be used: ").append(cause.problem());
        return new FailureAnalysis(description.append('.').toString(), sentence(cause.remedy()), cause);
    }

    private @Nullable Origin origin(String property) {
        if (!ConfigurationPropertyName.isValid(property)) {
            // a setting that has no property
            return null;
        }
        Origin origin = originOf(ConfigurationPropertyName.of(property));
        int index = property.lastIndexOf('[');
        // a list can be written as one text with commas
        return origin == null && index > 0
                ? originOf(ConfigurationPropertyName.of(property.substring(0, index)))
                : origin;
    }

    private @Nullable Origin originOf(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                return found.getOrigin();
            }
        }
        return null;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
