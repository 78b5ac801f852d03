package io.memberlist.simulator.fuzz.check;

import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * No process receives the same broadcast twice, nor the same message or request to one member. A member remembers eight
 * instances of one name; broadcasts of a member that restarted more often may arrive again.
 */
public final class AtMostOnceDelivery implements Checker {
    private static final int MAX_LIVES = 8;

    private final Map<String, Known> byProcess = new HashMap<>();

    private record What(boolean broadcast, MessageId id) {}

    private static final class Known {
        final Set<What> had = new HashSet<>();
        final Map<String, Set<Long>> lives = new HashMap<>();
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ClusterMessageDelivered delivered) {
            ClusterMessage message = delivered.message();
            Known known = byProcess.computeIfAbsent(delivered.observer(), process -> new Known());
            Set<Long> lives = known.lives.computeIfAbsent(message.origin(), name -> new HashSet<>());
            lives.add(message.id().instance());
            boolean isNew = known.had.add(new What(message.kind() == MessageKind.BROADCAST, message.id()));
            if (!isNew && lives.size() <= MAX_LIVES) {
                report.violated(delivered.observer() + " was given twice: " + message);
            }
        }
    }
}
