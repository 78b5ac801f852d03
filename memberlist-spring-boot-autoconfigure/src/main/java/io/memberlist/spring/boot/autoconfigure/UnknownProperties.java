package io.memberlist.spring.boot.autoconfigure;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties below {@code memberlist} that do not exist. Binding ignores them, and who wrote {@code memberlist.label}
 * instead of {@code memberlist.network.label} would have a member without a label, and not hear of it.
 */
final class UnknownProperties {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("memberlist");

    /** Bound by a class of their own, which refuses what it does not know. */
    private static final String DISCOVERY = "discovery";

    /**
     * Groups whose settings are looked for in the environment. Other variables there may be somebody else's: Kubernetes has
     * {@code MEMBERLIST_PORT} for a service of that name.
     */
    private static final Set<String> GUARDED = Set.of("network", "encryption");

    /** What a property is, by its path without separators, as {@code network.bindport}. */
    private static final Map<String, Known> KNOWN = new TreeMap<>();

    /**
     * @param name as it is written, as {@code network.bind-port}
     * @param open whether the names below it are free: the entries of a map or of a list
     */
    private record Known(String name, boolean open) {
        String group() {
            return name.substring(0, Math.max(0, name.indexOf('.')));
        }

        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    static {
        addAll("", MemberlistProperties.class);
    }

    private UnknownProperties() {}

    /** Refuses the first found. */
    static void refuse(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource listed) {
                boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
                Iterator<ConfigurationPropertyName> names = listed.iterator();
                while (names.hasNext()) {
                    ConfigurationPropertyName name = names.next();
                    if (ROOT.isAncestorOf(name) && (variables ? isMisplaced(name) : isUnknown(name))) {
                        throw unknown(name);
                    }
                }
            }
        }
    }

    private static boolean isUnknown(ConfigurationPropertyName name) {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            path.append(i == 1 ? "" : ".").append(name.getElement(i, Form.UNIFORM));
            Known known = KNOWN.get(path.toString());
            if (known != null && known.open()) {
                return false;
            }
        }
        // a group without anything in it has a name in YAML, too
        String group = path + ".";
        return !path.toString().equals(DISCOVERY)
                && !path.toString().startsWith(DISCOVERY + ".")
                && !KNOWN.containsKey(path.toString())
                && KNOWN.keySet().stream().noneMatch(known -> known.startsWith(group));
    }

    /** A variable may have an underscore where the property has a dash, so only the letters count. */
    private static boolean isMisplaced(ConfigurationPropertyName name) {
        String letters = letters(name);
        return KNOWN.values().stream()
                .anyMatch(known -> GUARDED.contains(known.group())
                        && uniform(known.simpleName()).equals(letters));
    }

    private static InvalidMemberlistPropertyException unknown(ConfigurationPropertyName name) {
        String meant = meant(name.isLastElementIndexed() ? name.getParent() : name);
        String remedy = meant != null
                ? "use memberlist." + meant
                : "correct the name, or take the property away" + others(name.getElement(1, Form.UNIFORM));
        return new InvalidMemberlistPropertyException(
                name.toString(), "there is no property of this name, and it would have no effect", remedy);
    }

    /** {@return the property that has this name in another group, or null} */
    private static @Nullable String meant(ConfigurationPropertyName name) {
        String letters = letters(name);
        String last = name.getLastElement(Form.UNIFORM);
        return KNOWN.values().stream()
                .map(Known::name)
                .filter(known -> uniform(known).equals(letters))
                .findFirst()
                .orElseGet(() -> only(KNOWN.values().stream()
                        .filter(known -> uniform(known.simpleName()).equals(letters)
                                || uniform(known.simpleName()).equals(last))
                        .map(Known::name)
                        .collect(Collectors.toSet())));
    }

    private static @Nullable String only(Set<String> found) {
        return found.size() == 1 ? found.iterator().next() : null;
    }

    private static String others(String group) {
        String names = KNOWN.values().stream()
                .filter(known -> uniform(known.group()).equals(group))
                .map(Known::simpleName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; this group has " + names;
    }

    private static String letters(ConfigurationPropertyName name) {
        StringBuilder letters = new StringBuilder();
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            letters.append(name.getElement(i, Form.UNIFORM));
        }
        return letters.toString();
    }

    private static String uniform(String name) {
        return name.replaceAll("[-.]", "").toLowerCase(Locale.ROOT);
    }

    /** Reads the accessors, since a native image knows those and not the components of a record. */
    private static void addAll(String prefix, Class<?> group) {
        for (Method accessor : group.getMethods()) {
            if (accessor.getDeclaringClass() != group || isOfEveryRecord(accessor)) {
                continue;
            }
            Class<?> type = accessor.getReturnType();
            String name = prefix + SettingNames.kebab(accessor.getName());
            if (Record.class.isAssignableFrom(type)) {
                addAll(name + ".", type);
            } else {
                boolean open = Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type);
                KNOWN.put(name.replace("-", ""), new Known(name, open));
            }
        }
    }

    private static boolean isOfEveryRecord(Method method) {
        return Set.of("toString", "hashCode", "equals").contains(method.getName());
    }
}
