package io.memberlist.simulator.scale;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.MemberlistConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the settings of an application from its {@code application.yml}: those under {@code memberlist}, with the names
 * of docs/configuration.md. Settings of a single machine (names, addresses, seeds, keys) are accepted and ignored.
 */
final class SpringConfig {
    private static final String ROOT = "memberlist";
    private static final Pattern SIZE = Pattern.compile("(\\d+)(b|kb|mb)?");

    /** How a text becomes a value of the type that a setting has. */
    private static final Map<Class<?>, Function<String, Object>> VALUES = Map.of(
            int.class, SpringConfig::number,
            boolean.class, SpringConfig::truth,
            Duration.class, Durations::parse,
            CompressionAlgorithm.class, SpringConfig::algorithm);

    /** Settings without effect here: the simulator provides names, addresses and a network. */
    private static final Set<String> OF_ONE_MACHINE = Set.of("""
            enabled node-name join join-retry leave-timeout meta tags encryption health
            network.bind-address network.bind-port network.advertise-address network.advertise-port
            network.label network.skip-inbound-label-check network.allowed-networks network.dns-config-path
            network.require-node-names protocol.delegate-min protocol.delegate-max protocol.delegate-version
            limits.handoff-queue-depth limits.join-concurrency probe.disable-stream-pings-for
            """.split("\\s+"));

    private SpringConfig() {}

    /**
     * Reads a file.
     *
     * @param otherwise the profile if the file names none
     * @throws IllegalArgumentException if it cannot be read, or has an unknown key or an invalid value
     */
    static MemberlistConfigBuilder read(Path file, Profile otherwise) {
        Map<String, String> flat = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
                flatten("", document, flat);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": check the path given with --config", e);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
        }
        return builder(file, flat, otherwise);
    }

    private static MemberlistConfigBuilder builder(Path file, Map<String, String> flat, Profile otherwise) {
        Map<String, String> mine = new TreeMap<>();
        flat.forEach((key, value) -> {
            String name = key.startsWith(ROOT + ".") ? key.substring(ROOT.length() + 1) : "";
            if (!name.isEmpty() && !ofOneMachine(name)) {
                mine.put(name, value);
            }
        });
        String profile = mine.remove("profile");
        MemberlistConfigBuilder builder = profile == null
                ? otherwise.preset()
                : value("profile", profile, text -> Profile.valueOf(text.toLowerCase(Locale.ROOT)))
                        .preset();
        Set<String> unknown = new TreeSet<>();
        mine.forEach((name, text) -> {
            if (!value(name, text, given -> set(builder, name, given))) {
                unknown.add(ROOT + "." + name);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown keys in " + file + ": " + String.join(", ", unknown)
                    + ": docs/configuration.md lists the known ones");
        }
        return builder;
    }

    private static <T> T value(String name, String text, Function<String, T> use) {
        try {
            return use.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    ROOT + "." + name + ": '" + text + "' cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static boolean ofOneMachine(String name) {
        return OF_ONE_MACHINE.stream().anyMatch(known -> name.equals(known) || name.startsWith(known + "."));
    }

    private static void flatten(String path, @Nullable Object value, Map<String, String> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> flatten(path.isEmpty() ? kebab(key) : path + "." + kebab(key), inner, flat));
        } else if (value instanceof List<?> list) {
            flat.put(path, list.toString());
        } else if (value != null) {
            flat.put(path, value.toString());
        }
    }

    /** Spring accepts {@code probeInterval} and {@code probe_interval} for {@code probe-interval}. */
    private static String kebab(Object key) {
        return key.toString()
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
    }

    /**
     * Sets what the path names: {@code probe.disable-stream-pings} is set by {@code disableStreamPings} of the group
     * {@code probe}.
     *
     * @return whether there is such a setting
     * @throws IllegalArgumentException if the text is no value of it
     */
    private static boolean set(Object builder, String path, String text) {
        int dot = path.indexOf('.');
        String name = camel(dot < 0 ? path : path.substring(0, dot));
        for (Method setter : builder.getClass().getMethods()) {
            if (!setter.getName().equals(name) || setter.getParameterCount() != 1) {
                continue;
            }
            Class<?> type = setter.getParameterTypes()[0];
            if (dot >= 0 && type == Consumer.class) {
                AtomicBoolean found = new AtomicBoolean();
                Consumer<Object> group = inner -> found.set(set(inner, path.substring(dot + 1), text));
                call(builder, setter, group);
                return found.get();
            }
            if (dot < 0 && VALUES.containsKey(type)) {
                call(builder, setter, VALUES.get(type).apply(text));
                return true;
            }
        }
        return false;
    }

    private static void call(Object builder, Method setter, Object value) {
        try {
            setter.invoke(builder, value);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException said ? said : new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String camel(String kebab) {
        return Pattern.compile("-(.)")
                .matcher(kebab)
                .replaceAll(it -> it.group(1).toUpperCase(Locale.ROOT));
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("true or false is wanted");
        }
        return text.equals("true");
    }

    private static CompressionAlgorithm algorithm(String text) {
        return Stream.of(CompressionAlgorithm.values())
                .filter(known -> known.name().equalsIgnoreCase(text.trim()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("lzw or snappy is wanted"));
    }

    private static int number(String text) {
        Matcher size = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!size.matches() || size.group(1).length() > 9) {
            throw new IllegalArgumentException("a whole number or a size is wanted, as 4, 1400B, 64KB or 20MB");
        }
        long unit = "mb".equals(size.group(2)) ? 1 << 20 : "kb".equals(size.group(2)) ? 1 << 10 : 1;
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, Long.parseLong(size.group(1)) * unit));
    }
}
