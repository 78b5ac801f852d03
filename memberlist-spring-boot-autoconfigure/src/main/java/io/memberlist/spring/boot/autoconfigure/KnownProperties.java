package io.memberlist.spring.boot.autoconfigure;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The properties below {@code memberlist}, and which of them is meant by a name that is none of them. */
final class KnownProperties {
    /** Bound by a class of their own, which refuses what it does not know. */
    private static final String DISCOVERY = "discovery";

    /** What a property is, by its path without separators, as {@code network.bindport}. */
    private static final Map<String, Known> KNOWN = new TreeMap<>();

    /** Properties by the names that other libraries have for them. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "seed", "join",
            "seeds", "join",
            "name", "node-name",
            "port", "network.bind-port",
            "address", "network.bind-address",
            "metadata", "meta",
            "clustername", "network.label");

    /** Properties of former versions by their paths without separators, and what has taken their place. */
    private static final Map<String, String> RENAMED = Map.of("networkcompression", "compression.enabled");

    /** How the names below a property are chosen. */
    private enum Kind {
        /** There is none. */
        VALUE,
        /** They are numbers. */
        LIST,
        /** The application chooses them. */
        MAP
    }

    /** @param name as it is written, as {@code network.bind-port} */
    private record Known(String name, Kind kind) {
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

    private KnownProperties() {}

    /** {@return whether a name is that of a property, or of a part of one, or of a group} */
    static boolean contains(ConfigurationPropertyName name) {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            path.append(i == 1 ? "" : ".").append(name.getElement(i, Form.UNIFORM));
            Known known = KNOWN.get(path.toString());
            if (known != null && known.kind() == Kind.MAP) {
                return true;
            }
            if (known != null && known.kind() == Kind.LIST) {
                int below = name.getNumberOfElements() - i - 1;
                return below == 0 || below == 1 && isNumber(name.getElement(i + 1, Form.UNIFORM));
            }
        }
        // a group without anything in it has a name in YAML, too
        String group = path + ".";
        return path.toString().equals(DISCOVERY)
                || path.toString().startsWith(DISCOVERY + ".")
                || KNOWN.containsKey(path.toString())
                || KNOWN.keySet().stream().anyMatch(known -> known.startsWith(group));
    }

    private static boolean isNumber(String element) {
        return element.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@return whether a variable has the name that a property had in a former version} */
    static boolean isRenamed(ConfigurationPropertyName variable) {
        return RENAMED.containsKey(letters(variable));
    }

    /** {@return whether a variable has the name of a property of one of these groups, and leaves out the group} */
    static boolean isMisplaced(ConfigurationPropertyName variable, Set<String> groups) {
        // A variable may have an underscore where the property has a dash, so only the letters count.
        String letters = letters(variable);
        return KNOWN.values().stream()
                .anyMatch(known -> groups.contains(known.group())
                        && uniform(known.simpleName()).equals(letters));
    }

    /** {@return the property of this name, perhaps in another group; null if there is none, or more than one} */
    static @Nullable String meant(ConfigurationPropertyName unknown) {
        ConfigurationPropertyName name = unknown.isLastElementIndexed() ? unknown.getParent() : unknown;
        String letters = letters(name);
        String other = RENAMED.getOrDefault(letters, ELSEWHERE.get(letters));
        if (other != null) {
            return other;
        }
        String last = name.getLastElement(Form.UNIFORM);
        return KNOWN.values().stream()
                .filter(known -> uniform(known.name()).equals(letters) || isBelow(known, letters))
                .map(Known::name)
                .findFirst()
                .orElseGet(() -> only(KNOWN.values().stream()
                        .filter(known -> uniform(known.simpleName()).equals(letters)
                                || uniform(known.simpleName()).equals(last))
                        .map(Known::name)
                        .collect(Collectors.toSet())));
    }

    /** {@return whether a name is below a list, whose entries have no names} */
    private static boolean isBelow(Known known, String letters) {
        return known.kind() == Kind.LIST && letters.startsWith(uniform(known.name()));
    }

    private static @Nullable String only(Set<String> found) {
        return found.size() == 1 ? found.iterator().next() : null;
    }

    /** {@return the property with the most similar name, or null if none is similar enough for a slip of the fingers} */
    static @Nullable String nearest(ConfigurationPropertyName unknown) {
        ConfigurationPropertyName name = unknown.isLastElementIndexed() ? unknown.getParent() : unknown;
        String letters = letters(name);
        int allowed = letters.length() <= 5 ? 1 : 2;
        return KNOWN.values().stream()
                .map(Known::name)
                .filter(known -> distance(uniform(known), letters) <= allowed)
                .min(Comparator.comparingInt(known -> distance(uniform(known), letters)))
                .orElse(null);
    }

    /** {@return the names of the properties in a group, in their order; empty if there is no such group} */
    static String namesIn(String group) {
        return KNOWN.values().stream()
                .filter(known -> uniform(known.group()).equals(group))
                .map(Known::simpleName)
                .collect(Collectors.joining(", "));
    }

    /** {@return how many letters must be added, left out, replaced, or swapped with the next one} */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
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
                KNOWN.put(name.replace("-", ""), new Known(name, kind(type)));
            }
        }
    }

    private static Kind kind(Class<?> type) {
        if (Map.class.isAssignableFrom(type)) {
            return Kind.MAP;
        }
        return Collection.class.isAssignableFrom(type) ? Kind.LIST : Kind.VALUE;
    }

    private static boolean isOfEveryRecord(Method method) {
        return Set.of("toString", "hashCode", "equals").contains(method.getName());
    }
}
