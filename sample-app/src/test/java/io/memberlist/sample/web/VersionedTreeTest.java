package io.memberlist.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class VersionedTreeTest {
    private final JsonMapper json = JsonMapper.builder().build();
    private final VersionedTree tree = new VersionedTree();

    @Test
    void tellsOnlyWhatChanged() {
        long first = tree.update(object("{'live': 3, 'members': {'a': {'state': 'alive', 'tags': {}}, 'b': {}}}"));
        assertThat(tree.since(0))
                .isEqualTo(object("{'live': 3, 'members': {'a': {'state': 'alive', 'tags': {}}, 'b': {}}}"));
        assertThat(tree.since(first)).isEmpty();

        tree.update(object("{'live': 3, 'members': {'a': {'state': 'suspect', 'tags': {}}}}"));
        assertThat(tree.since(first)).isEqualTo(object("{'members': {'a': {'state': 'suspect'}, 'b': null}}"));
    }

    @Test
    void hasTheSameVersionWhileNothingChanges() {
        long first = tree.update(object("{'a': [1, 2], 'b': null}"));

        assertThat(tree.update(object("{'a': [1, 2]}"))).isEqualTo(first);
        assertThat(tree.update(object("{'a': [2, 1]}"))).isEqualTo(first + 1);
    }

    @Test
    void aValueThatWasAwayHasNothingOfItsFormerLife() {
        tree.update(object("{'m': {'a': {'x': 1, 'y': 2}}}"));
        long before = tree.update(object("{'m': {'a': {'x': 1, 'y': 2}}}"));
        tree.update(object("{'m': {}}"));
        tree.update(object("{'m': {'a': {'y': 2}}}"));

        assertThat(patched(object("{'m': {'a': {'x': 1, 'y': 2}}}"), tree.since(before)))
                .isEqualTo(object("{'m': {'a': {'y': 2}}}"));
        assertThat(tree.since(0)).isEqualTo(object("{'m': {'a': {'y': 2}}}"));
    }

    @Test
    void forgetsRemovedValuesAndSaysSo() {
        long first = tree.update(object("{'a': 1, 'n': 0}"));
        for (int i = 1; i <= 3_000; i++) {
            assertThat(tree.knows(first)).isTrue();
            tree.update(object("{'n': " + i + "}"));
        }

        assertThat(tree.knows(first)).isFalse();
        assertThat(tree.knows(0)).isFalse();
        assertThat(tree.knows(1_000_000)).isFalse();
        assertThat(tree.since(first + 1)).isEqualTo(object("{'n': 3000}"));
    }

    @Test
    void anyVersionAndItsPatchMakeTheNewest() {
        Random random = new Random(1);
        ObjectNode[] versions = new ObjectNode[200];
        for (int i = 1; i < versions.length; i++) {
            ObjectNode next = random(random, 3);
            versions[(int) tree.update(next)] = next;
        }
        ObjectNode newest = tree.since(0);
        for (int since = 1; since < versions.length; since++) {
            if (versions[since] != null) {
                assertThat(patched(versions[since], tree.since(since)))
                        .as("since %s", since)
                        .isEqualTo(newest);
            }
        }
    }

    private static ObjectNode random(Random random, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name : new String[] {"a", "b", "c"}) {
            int kind = random.nextInt(4);
            if (kind == 1) {
                object.put(name, random.nextInt(2));
            } else if (kind > 1 && depth > 0) {
                object.set(name, random(random, depth - 1));
            }
        }
        return object;
    }

    /** RFC 7396, section 2. */
    private static JsonNode patched(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        patch.properties().forEach(property -> {
            if (property.getValue().isNull()) {
                result.remove(property.getKey());
            } else {
                JsonNode old = result.get(property.getKey());
                result.set(
                        property.getKey(),
                        patched(old == null ? JsonNodeFactory.instance.missingNode() : old, property.getValue()));
            }
        });
        return result;
    }

    private ObjectNode object(String text) {
        return (ObjectNode) json.readTree(text.replace('\'', '"'));
    }
}
