package io.memberlist.sample.web;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object that remembers in which version each of its values changed, so that the changes since any version can be
 * told as a JSON Merge Patch (RFC 7396). Values that are null count as absent, since a patch tells removals by null.
 */
final class VersionedTree {
    /** How many versions a removed value is remembered for. */
    private static final int KEPT = 3_000;

    private final Node root = new Node();
    private long version;

    private static final class Node {
        /** Null for an object, and if removed. */
        private @Nullable JsonNode value;

        private boolean object;
        private long changed;
        private final Map<String, Node> children = new LinkedHashMap<>();

        private boolean isPresent() {
            return object || value != null;
        }
    }

    /** {@return the version of the object, which is a new one if the object has changed} */
    long update(ObjectNode now) {
        if (set(root, now, version + 1)) {
            version++;
            forget(root);
        }
        return version;
    }

    /** {@return whether changes since that version can be told; if not, everything must be} */
    boolean knows(long since) {
        return since > 0 && since > version - KEPT && since <= version;
    }

    /** {@return the changes since that version; since 0 the whole object} */
    ObjectNode since(long since) {
        return patch(root, since);
    }

    private static boolean set(Node node, @Nullable JsonNode now, long version) {
        if (now == null || now.isNull()) {
            return remove(node, version);
        }
        if (!now.isObject()) {
            if (!node.object && now.equals(node.value)) {
                return false;
            }
            remove(node, version);
            node.value = now;
            node.changed = version;
            return true;
        }
        boolean changed = !node.object;
        if (changed) {
            node.object = true;
            node.value = null;
            node.changed = version;
        }
        Set<String> names = new LinkedHashSet<>(node.children.keySet());
        names.addAll(now.propertyNames());
        for (String name : names) {
            changed |= set(node.children.computeIfAbsent(name, key -> new Node()), now.get(name), version);
        }
        return changed;
    }

    private static boolean remove(Node node, long version) {
        if (!node.isPresent()) {
            return false;
        }
        node.object = false;
        node.value = null;
        node.changed = version;
        node.children.values().forEach(child -> remove(child, version));
        return true;
    }

    private static ObjectNode patch(Node node, long since) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        node.children.forEach((name, child) -> {
            if (child.object) {
                ObjectNode inner = patch(child, since);
                if (child.changed > since || !inner.isEmpty()) {
                    patch.set(name, inner);
                }
            } else if (child.changed > since && (child.value != null || since > 0)) {
                patch.set(name, child.value != null ? child.value : NullNode.instance);
            }
        });
        return patch;
    }

    private void forget(Node node) {
        node.children.values().removeIf(child -> !child.isPresent() && child.changed <= version - KEPT);
        node.children.values().forEach(this::forget);
    }
}
