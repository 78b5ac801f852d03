package io.memberlist.spring.boot.autoconfigure;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties that were meant for the member and have no effect. Binding ignores names that it does not know, and who
 * wrote {@code memberlist.label} instead of {@code memberlist.network.label} would have a member without a label, and not
 * notice. Below {@code memberlist} such a property is refused. What may have another owner is a warning: {@code
 * spring.memberlist}, and a variable of the environment with a similar name.
 */
final class UnknownProperties {
    private static final Logger log = LoggerFactory.getLogger(UnknownProperties.class);

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("memberlist");
    private static final ConfigurationPropertyName SPRING_ROOT = ConfigurationPropertyName.of("spring.memberlist");

    /**
     * Groups whose settings are looked for in the environment. Other variables there may be somebody else's: Kubernetes has
     * {@code MEMBERLIST_PORT} for a service of that name.
     */
    private static final Set<String> GUARDED = Set.of("network", "encryption");

    /** Properties of former versions, and what is said of them. */
    private static final Map<ConfigurationPropertyName, String> FORMER = Map.of(
            ConfigurationPropertyName.of("memberlist.health.alone-is-down"),
            "a member that is alone is up; see memberlist.health.out-of-service-until-joined");

    private final Set<ConfigurationPropertyName> warned = new HashSet<>();

    private UnknownProperties() {}

    /** Refuses the first that is found below {@code memberlist}, and warns of the others. */
    static void refuse(Environment environment) {
        UnknownProperties check = new UnknownProperties();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource listed) {
                boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
                Iterator<ConfigurationPropertyName> names = listed.iterator();
                while (names.hasNext()) {
                    check.check(source, names.next(), variables);
                }
            }
        }
    }

    private void check(ConfigurationPropertySource source, ConfigurationPropertyName name, boolean variable) {
        if (SPRING_ROOT.isAncestorOf(name)) {
            ConfigurationPropertyName meant = name.subName(1);
            warn(source, name, KnownProperties.contains(meant) ? "use " + meant : remedy(meant));
        } else if (!ROOT.isAncestorOf(name)) {
            return;
        } else if (FORMER.containsKey(name)) {
            warn(source, name, FORMER.get(name));
        } else if (variable) {
            checkVariable(source, name);
        } else if (!KnownProperties.contains(name)) {
            throw unknown(name);
        }
    }

    private void checkVariable(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        if (KnownProperties.isRenamed(name) || KnownProperties.isMisplaced(name, GUARDED)) {
            throw unknown(name);
        }
        // A name that is spelled right may have an underscore where the property has a dash.
        String nearest = KnownProperties.contains(name) ? null : KnownProperties.nearest(name);
        if (nearest != null && !nearest.equals(KnownProperties.meant(name))) {
            warn(source, name, remedy(name));
        }
    }

    private void warn(ConfigurationPropertySource source, ConfigurationPropertyName name, @Nullable String remedy) {
        if (warned.add(name)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            Origin origin = property == null ? null : property.getOrigin();
            log.warn("The property {}{} has no effect: {}", name, origin == null ? "" : " (" + origin + ")", remedy);
        }
    }

    private static InvalidMemberlistPropertyException unknown(ConfigurationPropertyName name) {
        return new InvalidMemberlistPropertyException(
                name.toString(), "there is no property of this name, and it would have no effect", remedy(name));
    }

    private static String remedy(ConfigurationPropertyName name) {
        String meant = KnownProperties.meant(name);
        if (meant != null) {
            return "use memberlist." + meant;
        }
        String nearest = KnownProperties.nearest(name);
        String names = KnownProperties.namesIn(name.getElement(1, Form.UNIFORM));
        return (nearest != null ? "use memberlist." + nearest : "correct the name") + ", or take the property away"
                + (names.isEmpty() ? "" : "; this group has " + names);
    }
}
