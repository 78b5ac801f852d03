package io.memberlist.swim;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The seeds that a member was told to join through, as they were written. They outlast a restart, and end with a leave: a
 * member that left has no reason to go back by itself. Used on the loop of the current life.
 */
public final class Seeds {
    /** Anybody who may call join can add seeds, and each of them costs a stream now and then. */
    static final int MAX = 64;

    private final Set<String> texts = new LinkedHashSet<>();

    /** Remembers seeds. Beyond the bound, those of the latest call stay, and of one call the first. */
    void remember(Collection<String> given) {
        List<String> before = List.copyOf(texts);
        texts.clear();
        add(given);
        add(before);
    }

    private void add(Collection<String> more) {
        for (String text : more) {
            if (texts.size() < MAX) {
                texts.add(text);
            }
        }
    }

    void forget(Collection<String> given) {
        given.forEach(texts::remove);
    }

    /** {@return the seeds in the order of preference} */
    List<String> texts() {
        return List.copyOf(texts);
    }

    boolean isEmpty() {
        return texts.isEmpty();
    }

    boolean contains(String text) {
        return texts.contains(text);
    }
}
