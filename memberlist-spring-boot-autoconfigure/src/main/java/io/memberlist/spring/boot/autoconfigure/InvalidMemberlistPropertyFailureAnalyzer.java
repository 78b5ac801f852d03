package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Causes;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains which property is wrong, where it was set, and what to do. Runs before Spring Boot's analyzer of bindings, which
 * would say of a value that is out of bounds that the properties could not be bound.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidMemberlistPropertyFailureAnalyzer extends AbstractFailureAnalyzer<MemberlistException> {
    private static final Pattern PROPERTY = Pattern.compile("\\bmemberlist\\.[a-z][a-z.-]*[a-z]\\b");
    private static final Pattern COMPARED = Pattern.compile("longer than (" + PROPERTY + "), which is \\S+");

    private final Environment environment;

    InvalidMemberlistPropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, MemberlistException cause) {
        if (cause instanceof InvalidMemberlistPropertyException invalid) {
            return analysis(invalid);
        }
        // Another one of these was thrown by code of the application, which sets no property.
        return cause instanceof InvalidSettingException refused && Causes.find(rootFailure, BindException.class) != null
                ? analysis(SettingNames.translate(refused))
                : null;
    }

    private FailureAnalysis analysis(InvalidMemberlistPropertyException invalid) {
        String property = invalid.property();
        String problem = COMPARED.matcher(invalid.problem())
                .replaceAll(compared -> compared.group() + (isSet(compared.group(1)) ? "" : " by default"));
        String culprit = isSet(property) ? null : setBeside(property, problem);
        if (culprit == null) {
            return analysis(property, problem, invalid.remedy(), invalid);
        }
        return analysis(
                culprit,
                problem.replaceFirst("^(?=" + Pattern.quote(property) + ")", "the default of "),
                invalid.remedy().replaceFirst("^it must", property + " must"),
                invalid);
    }

    private FailureAnalysis analysis(String property, String problem, String remedy, Throwable cause) {
        Origin origin = origin(property);
        return new FailureAnalysis(
                "The property " + property + (origin == null ? "" : ", set by " + origin + ",") + " cannot be used: "
                        + problem + ".",
                Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".",
                cause);
    }

    /** {@return the property that is set, and does not go together with the default of another one; null where that is unclear} */
    private @Nullable String setBeside(String property, String problem) {
        List<String> mentioned = PROPERTY.matcher(problem)
                .results()
                .map(MatchResult::group)
                .filter(this::isSet)
                .toList();
        List<String> candidates = mentioned.isEmpty() ? setInGroupOf(property) : mentioned;
        return candidates.size() == 1 ? candidates.get(0) : null;
    }

    private List<String> setInGroupOf(String property) {
        ConfigurationPropertyName group =
                ConfigurationPropertyName.of(property.substring(0, Math.max(0, property.lastIndexOf('.'))));
        return sources()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(name -> group.getNumberOfElements() > 1 && group.isParentOf(name))
                .map(ConfigurationPropertyName::toString)
                .distinct()
                .toList();
    }

    private boolean isSet(String property) {
        return origin(property) != null;
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
        return sources()
                .map(source -> source.getConfigurationProperty(name))
                .filter(found -> found != null)
                .findFirst()
                .map(ConfigurationProperty::getOrigin)
                .orElse(null);
    }

    private Stream<ConfigurationPropertySource> sources() {
        return Stream.of(ConfigurationPropertySources.get(environment)).flatMap(sources -> {
            Stream.Builder<ConfigurationPropertySource> all = Stream.builder();
            sources.forEach(all);
            return all.build();
        });
    }
}
