package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.Causes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Explains which property is wrong, where it was set, and what to do. Runs before Spring Boot's analyzer of bindings, which
 * would say of a value that is out of bounds that the properties could not be bound.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidMemberlistPropertyFailureAnalyzer implements FailureAnalyzer {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("memberlist");

    /** How a value of each type is written. */
    private static final Map<Class<?>, String> FORMS = Map.of(
            Integer.class, "a whole number",
            Boolean.class, "true or false",
            boolean.class, "true or false",
            Duration.class, "a time, such as 500ms, 5s or 2m",
            DataSize.class, "a size, such as 64KB or 1MB",
            Class.class, "the name of a class that this application has");

    private static final Pattern DIGITS = Pattern.compile("-?\\d+");

    private static final Pattern PROPERTY = Pattern.compile("\\bmemberlist\\.[a-z][a-z.-]*[a-z]\\b");
    private static final Pattern COMPARED = Pattern.compile("longer than (" + PROPERTY + "), which is \\S+");

    private static final Pattern BOUNDS = Pattern.compile("it must lie between (\\d+) and (\\d+)");

    private final Environment environment;

    InvalidMemberlistPropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        InvalidMemberlistPropertyException invalid = Causes.find(failure, InvalidMemberlistPropertyException.class);
        if (invalid != null) {
            return analysis(invalid);
        }
        BindException binding = Causes.find(failure, BindException.class);
        if (binding == null || !ROOT.isAncestorOf(binding.getName()) && !ROOT.equals(binding.getName())) {
            // A setting that is refused elsewhere was made by code of the application, which sets no property.
            return null;
        }
        InvalidSettingException refused = Causes.find(binding, InvalidSettingException.class);
        return refused != null ? analysis(SettingNames.translate(refused)) : unreadable(binding);
    }

    /** {@return what to write instead of a value that is no number, time, size, class or map; null where it is something else} */
    private @Nullable FailureAnalysis unreadable(BindException binding) {
        Class<?> type = binding.getTarget().getType().toClass();
        ConfigurationProperty property = binding.getProperty();
        if (type == Map.class && property != null) {
            return analysis(new InvalidMemberlistPropertyException(
                    binding.getName().toString(),
                    "'" + property.getValue() + "' has no name of its own",
                    "write each value below its name, as " + binding.getName() + ".NAME=VALUE",
                    binding));
        }
        String form = FORMS.get(type);
        ConversionFailedException conversion = Causes.find(binding, ConversionFailedException.class);
        if (form == null || conversion == null) {
            return null;
        }
        String value = String.valueOf(conversion.getValue());
        String fitting =
                type == Integer.class && DIGITS.matcher(value).matches() ? form + " up to " + Integer.MAX_VALUE : form;
        return analysis(new InvalidMemberlistPropertyException(
                binding.getName().toString(), "'" + value + "' is not " + fitting, "write " + fitting, binding));
    }

    private FailureAnalysis analysis(InvalidMemberlistPropertyException invalid) {
        String property = invalid.property();
        String problem = COMPARED.matcher(invalid.problem())
                .replaceAll(compared -> compared.group() + (isSet(compared.group(1)) ? "" : " by default"));
        String culprit = isSet(property) ? null : setBeside(property, problem, invalid.remedy());
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
                (PROPERTY.matcher(remedy).lookingAt() ? remedy : StringUtils.capitalize(remedy)) + ".",
                cause);
    }

    /** {@return the property that is set, and does not go together with the default of another one; null where none is known} */
    private @Nullable String setBeside(String property, String problem, String remedy) {
        List<String> mentioned = PROPERTY.matcher(problem)
                .results()
                .map(MatchResult::group)
                .filter(this::isSet)
                .toList();
        List<String> candidates = mentioned.isEmpty() ? boundsIn(remedy, property) : mentioned;
        return candidates.isEmpty() ? null : candidates.get(0);
    }

    /** {@return the properties beside that one whose values are its bounds} Others of its group have nothing to do with it. */
    private List<String> boundsIn(String remedy, String property) {
        Matcher bounds = BOUNDS.matcher(remedy);
        ConfigurationPropertyName name =
                ConfigurationPropertyName.isValid(property) ? ConfigurationPropertyName.of(property) : ROOT;
        if (!bounds.matches()) {
            return List.of();
        }
        return sources()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(other -> name.getParent().isParentOf(other))
                .map(ConfigurationPropertyName::toString)
                .filter(other -> {
                    String value = environment.getProperty(other);
                    return bounds.group(1).equals(value) || bounds.group(2).equals(value);
                })
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
