package io.memberlist.messaging;

import java.util.HashMap;
import java.util.Map;

/**
 * Who speaks this language. Members that never said anything in it, such as those of the Go library, are asked for what
 * they have a few times and then left alone.
 */
final class Peers {
    private static final int MAX_UNANSWERED = 3;
    private static final int MAX_REMEMBERED = 65536;

    private final Map<String, Integer> unanswered = new HashMap<>();

    /** A member of the cluster has said something. */
    void heard(String name) {
        remember(name, 0);
    }

    void asked(String name) {
        remember(name, unanswered.getOrDefault(name, 0) + 1);
    }

    /** {@return whether it may be asked for what it has} */
    boolean mayBeAsked(String name) {
        return unanswered.getOrDefault(name, 0) < MAX_UNANSWERED;
    }

    private void remember(String name, int count) {
        if (unanswered.size() >= MAX_REMEMBERED && !unanswered.containsKey(name)) {
            unanswered.clear();
        }
        unanswered.put(name, count);
    }
}
