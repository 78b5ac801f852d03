package io.memberlist;

import io.memberlist.member.JoinResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners that are told when a member has joined others. Safe from any thread. */
final class JoinListeners {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final List<Consumer<JoinResult>> listeners = new CopyOnWriteArrayList<>();

    void add(Consumer<JoinResult> listener) {
        listeners.add(listener);
    }

    /** Tells all listeners, although one fails. */
    void joined(JoinResult result) {
        for (Consumer<JoinResult> listener : listeners) {
            try {
                listener.accept(result);
            } catch (RuntimeException | LinkageError e) {
                log.error("a join listener failed", e);
            }
        }
    }
}
