package io.memberlist.simulator.fuzz.check;

import io.memberlist.messaging.message.MessageKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Broadcasts whose futures succeed reach every process as long as no fault strikes, however many are sent at once, however
 * slow the handlers and however small the stores are; or the process counts what it has lost. They may take their time, but
 * some must come in each minute.
 */
public final class BurstsArrive implements Checker {
    private static final long STANDSTILL_NANOS = Duration.ofMinutes(1).toNanos();

    /** The broadcasts that were sent and did not fail, in the order of sending. */
    private final List<Observation.ClusterMessageSent> sent = new ArrayList<>();

    private final Set<Long> done = new HashSet<>();
    private final Map<String, Set<Long>> received = new HashMap<>();
    private final Map<String, Long> lastReceivedNanos = new HashMap<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ClusterMessageSent posted && posted.kind() == MessageKind.BROADCAST) {
            sent.add(posted);
        } else if (observation instanceof Observation.ClusterMessageCompleted completed
                && completed.failure() == null) {
            done.add(completed.serial());
        } else if (observation instanceof Observation.ClusterMessageDelivered delivered
                && delivered.message().kind() == MessageKind.BROADCAST) {
            received(delivered.observer())
                    .add(Observation.ClusterMessageSent.serial(
                            delivered.message().payload()));
            lastReceivedNanos.put(delivered.observer(), delivered.nanos());
        } else if (observation instanceof Observation.Quiescent calm) {
            sent.removeIf(posted -> posted.nanos() < calm.sinceNanos());
            calm.dropped().forEach((process, dropped) -> judge(calm, process, dropped, report));
        }
    }

    private Set<Long> received(String process) {
        return received.computeIfAbsent(process, one -> new HashSet<>());
    }

    private void judge(Observation.Quiescent calm, String process, long dropped, Report report) {
        long last = Math.max(calm.sinceNanos(), lastReceivedNanos.getOrDefault(process, 0L));
        if (calm.nanos() - last <= STANDSTILL_NANOS) {
            return;
        }
        Set<Long> had = received(process);
        List<Observation.ClusterMessageSent> missing = sent.stream()
                .filter(posted -> calm.nanos() - posted.nanos() > STANDSTILL_NANOS)
                .filter(posted -> done.contains(posted.serial()) && !had.contains(posted.serial()))
                .toList();
        long lost = dropped + calm.missed().getOrDefault(process, 0L);
        if (missing.size() > lost) {
            report.violated(process + " has received nothing for a minute, lacks " + missing.size()
                    + " broadcasts that were sent since the last fault, counts " + lost + " as lost, and lacks "
                    + missing.get(0).text());
        }
    }
}
