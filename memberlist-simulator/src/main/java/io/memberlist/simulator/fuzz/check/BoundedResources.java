package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.metrics.MessagingStatistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The resources of a process stay within bounds that follow from the number of names, forged ones included. */
public final class BoundedResources implements Checker {
    /** The most timers of messaging besides those of held messages: for gaps, for running fetches, and for itself. */
    private static final int MESSAGING_TIMERS = 64 + 16 + 8;

    private static final int MAX_HELD = 4096;
    /** The most cluster messages that wait to be gossiped. */
    private static final int MAX_RELAYED = 512;

    private final int names;
    private final MessagingConfig bounds;
    /**
     * How many messages the application of each process sent. While nobody is there to hear them, its broadcasts
     * all wait: the queue has no limit, as in the Go library.
     */
    private final Map<String, Integer> sent = new HashMap<>();

    private final Map<String, Set<Long>> requests = new HashMap<>();
    private final Map<String, Integer> held = new HashMap<>();
    /** The longest life of a stream by the clock of its process, while that runs and is not blocked. */
    private final Duration streamLife;

    /** @param names the number of nodes, and of names that Byzantine peers can invent */
    public BoundedResources(int names, MemberlistConfig config) {
        this.names = names;
        this.bounds = ClusterMessaging.of(config).config();
        // An accepted stream has the time for its message, and the same time again for its answer, in which the
        // application is asked as well. A stream to another member has this time once, or belongs to a probe.
        Duration steps = config.network().tcpTimeout().multipliedBy(2);
        Duration probe =
                config.probe().interval().multipliedBy(config.suspicion().awarenessMaxMultiplier());
        this.streamLife = steps.compareTo(probe) > 0 ? steps : probe;
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ResourcesHeld holds) {
            limit(holds, "members", holds.held().members(), names, report);
            limit(holds, "tombstones", holds.held().tombstones(), names, report);
            boolean messages = !holds.messaging().equals(MessagingStatistics.NONE);
            int broadcasts = names + sent.getOrDefault(holds.observer(), 0) + (messages ? MAX_RELAYED : 0);
            limit(holds, "broadcasts", holds.held().broadcasts(), broadcasts, report);
            limit(holds, "pings", holds.held().pings(), 10 + 4 * names, report);
            limit(holds, "reconnects", holds.held().reconnects(), names, report);
            messaging(holds, report);
            if (holds.oldestStream().compareTo(streamLife) > 0) {
                report.violated(holds.observer() + " has held a stream open for " + holds.oldestStream()
                        + ", longer than " + streamLife);
            }
        } else if (observation instanceof Observation.UserMessageSent message) {
            sent.merge(message.observer(), 1, Integer::sum);
        } else if (observation instanceof Observation.ClusterMessageSent posted
                && posted.kind() == MessageKind.REQUEST) {
            requests.computeIfAbsent(posted.observer(), process -> new HashSet<>())
                    .add(posted.serial());
        } else if (observation instanceof Observation.ClusterMessageCompleted done) {
            requests.getOrDefault(done.observer(), new HashSet<>()).remove(done.serial());
        } else if (observation instanceof Observation.HealingOver healed) {
            quiet(healed, report);
        }
    }

    private void messaging(Observation.ResourcesHeld holds, Report report) {
        MessagingStatistics messaging = holds.messaging();
        held.put(holds.observer(), messaging.held());
        int asked = requests.getOrDefault(holds.observer(), Set.of()).size();
        int timers = messaging.equals(MessagingStatistics.NONE) ? 0 : MESSAGING_TIMERS + messaging.held() + asked;
        // Of pings there are more where strangers tell of newcomers; each has a timer, and its number is bounded above.
        int pings = holds.held().pings();
        limit(holds, "timers", holds.timers(), 30 + 8 * names + pings + timers, report);
        // Its own streams, and those that others may have open to it.
        int streams = bounds.streamConcurrency() * (1 + names);
        limit(holds, "streams", holds.streams(), 16 + 4 * names + streams, report);
        limit(holds, "messages out of their turn", messaging.held(), MAX_HELD, report);
        limit(holds, "messages to send", messaging.outgoing(), bounds.queueDepth(), report);
        limit(holds, "origins", messaging.origins(), bounds.maxOrigins(), report);
        if (messaging.storedBytes() > bounds.storeSize()) {
            report.violated(holds.observer() + " keeps " + messaging.storedBytes()
                    + " bytes of cluster messages, more than " + bounds.storeSize());
        }
    }

    private void quiet(Observation.HealingOver healed, Report report) {
        if (healed.expected().size() > 1 && healed.broadcasts() > names) {
            report.violated(healed.observer() + " still holds " + healed.broadcasts()
                    + " broadcasts when all has long been quiet");
        }
        int heldNow = held.getOrDefault(healed.observer(), 0);
        if (heldNow > 0) {
            report.violated(healed.observer() + " still lets " + heldNow
                    + " cluster messages wait for their turn when all has long been quiet");
        }
    }

    private static void limit(Observation.ResourcesHeld holds, String what, int value, int limit, Report report) {
        if (value > limit) {
            report.violated(holds.observer() + " holds " + value + " " + what + ", more than " + limit);
        }
    }
}
