package io.memberlist.simulator.scale;

import io.memberlist.config.MemberlistConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Map<String, BiConsumer<MemberlistConfigBuilder, String>> SETTINGS = settings();

    /** Settings without effect here: the simulator provides names, addresses and a network. */
    private static final Set<String> OF_ONE_MACHINE = Set.of(
            "enabled",
            "node-name",
            "bind-address",
            "bind-port",
            "advertise-address",
            "advertise-port",
            "join",
            "join-retry",
            "leave-timeout",
            "meta",
            "tags",
            "label",
            "skip-inbound-label-check",
            "allowed-networks",
            "dns-config-path",
            "require-node-names",
            "delegate-protocol",
            "encryption",
            "limits.handoff-queue-depth",
            "limits.join-concurrency",
            "probe.disable-stream-pings-for",
            "health");

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
        Set<String> unknown = new TreeSet<>();
        flat.forEach((key, value) -> {
            if (!key.startsWith(ROOT + ".")) {
                return;
            }
            String name = key.substring(ROOT.length() + 1);
            if (SETTINGS.containsKey(name) || name.equals("profile")) {
                mine.put(name, value);
            } else if (!ofOneMachine(name)) {
                unknown.add(key);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown keys in " + file + ": " + String.join(", ", unknown)
                    + ": docs/configuration.md lists the known ones");
        }
        String profile = mine.remove("profile");
        MemberlistConfigBuilder builder = profile == null
                ? otherwise.preset()
                : value("profile", profile, text -> Profile.valueOf(text.toLowerCase(Locale.ROOT)))
                        .preset();
        mine.forEach((name, text) -> value(name, text, given -> {
            SETTINGS.get(name).accept(builder, given);
            return given;
        }));
        return builder;
    }

    private static <T> T value(String name, String text, java.util.function.Function<String, T> use) {
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

    private static Map<String, BiConsumer<MemberlistConfigBuilder, String>> settings() {
        Map<String, BiConsumer<MemberlistConfigBuilder, String>> all = new HashMap<>();
        all.put("protocol.version", (b, v) -> b.protocol(it -> it.version(number(v))));
        all.put("network.tcp-timeout", (b, v) -> b.network(it -> it.tcpTimeout(Durations.parse(v))));
        all.put("network.compression", (b, v) -> b.network(it -> it.compression(truth(v))));
        all.put("network.udp-buffer-size", (b, v) -> b.network(it -> it.udpBufferSize(bytes(v))));
        all.put("dead-node-reclaim-time", (b, v) -> b.deadNodeReclaimTime(Durations.parse(v)));
        all.put("gossip.queue-check-interval", (b, v) -> b.gossip(it -> it.queueCheckInterval(Durations.parse(v))));
        all.put("probe.interval", (b, v) -> b.probe(it -> it.interval(Durations.parse(v))));
        all.put("probe.timeout", (b, v) -> b.probe(it -> it.timeout(Durations.parse(v))));
        all.put("probe.indirect-checks", (b, v) -> b.probe(it -> it.indirectChecks(number(v))));
        all.put("probe.disable-stream-pings", (b, v) -> b.probe(it -> it.disableStreamPings(truth(v))));
        all.put("suspicion.multiplier", (b, v) -> b.suspicion(it -> it.multiplier(number(v))));
        all.put("suspicion.max-timeout-multiplier", (b, v) -> b.suspicion(it -> it.maxTimeoutMultiplier(number(v))));
        all.put(
                "suspicion.awareness-max-multiplier",
                (b, v) -> b.suspicion(it -> it.awarenessMaxMultiplier(number(v))));
        all.put("gossip.interval", (b, v) -> b.gossip(it -> it.interval(Durations.parse(v))));
        all.put("gossip.nodes", (b, v) -> b.gossip(it -> it.nodes(number(v))));
        all.put("gossip.to-the-dead-time", (b, v) -> b.gossip(it -> it.toTheDeadTime(Durations.parse(v))));
        all.put("gossip.retransmit-multiplier", (b, v) -> b.gossip(it -> it.retransmitMultiplier(number(v))));
        all.put("state-sync.interval", (b, v) -> b.stateSync(it -> it.interval(Durations.parse(v))));
        all.put("state-sync.reconnect-interval", (b, v) -> b.stateSync(it -> it.reconnectInterval(Durations.parse(v))));
        all.put("state-sync.reconnect-timeout", (b, v) -> b.stateSync(it -> it.reconnectTimeout(Durations.parse(v))));
        all.put("limits.user-message-size", (b, v) -> b.limits(it -> it.userMessageSize(bytes(v))));
        all.put("limits.user-state-size", (b, v) -> b.limits(it -> it.userStateSize(bytes(v))));
        all.put("limits.push-pull-nodes", (b, v) -> b.limits(it -> it.pushPullNodes(number(v))));
        all.put("limits.push-pulls-served", (b, v) -> b.limits(it -> it.pushPullsServed(number(v))));
        all.put("limits.decompressed-size", (b, v) -> b.limits(it -> it.decompressedSize(bytes(v))));
        all.put("limits.encrypted-frame-size", (b, v) -> b.limits(it -> it.encryptedFrameSize(bytes(v))));
        return Map.copyOf(all);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number is wanted", e);
        }
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("true or false is wanted");
        }
        return text.equals("true");
    }

    private static int bytes(String text) {
        Matcher size = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!size.matches() || size.group(1).length() > 9) {
            throw new IllegalArgumentException("a size is wanted, as 1400B, 64KB or 20MB");
        }
        long unit = "mb".equals(size.group(2)) ? 1 << 20 : "kb".equals(size.group(2)) ? 1 << 10 : 1;
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, Long.parseLong(size.group(1)) * unit));
    }
}
