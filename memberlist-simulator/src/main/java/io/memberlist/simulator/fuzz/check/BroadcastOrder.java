package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process receives the broadcasts of one instance of an origin on one topic in order, or marked late, and only then
 * marked late. A message that arrives before its predecessor has waited for it as long as messages are held back,
 * measured by the fastest clock. The exceptions are those of the documentation: a topic whose first messages the
 * process did not receive, a predecessor that is too old, and an application that does not keep up.
 */
public final class BroadcastOrder implements Checker {
    /** The highest order number of a first message for which earlier ones are waited for. */
    private static final int FIRST_LOOK_BACK = 256;

    private static final int MAX_LIVES = 8;

    private final MessagingConfig messaging;
    private final int clockFactor;
    private final Map<Long, Long> postedNanos = new HashMap<>();
    private final Map<Topic, Map<Long, Long>> orders = new HashMap<>();
    private final Map<String, Map<Topic, Line>> lines = new HashMap<>();

    public BroadcastOrder(MemberlistConfig config, int clockFactor) {
        this.messaging = ClusterMessaging.of(config).config();
        this.clockFactor = clockFactor;
    }

    private record Topic(String origin, long instance, String name) {}

    private static final class Line {
        final Set<Long> had = new HashSet<>();
        long highest;
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ClusterMessageSent posted) {
            postedNanos.put(posted.serial(), posted.nanos());
        } else if (observation instanceof Observation.ClusterMessageDelivered delivered
                && delivered.message().kind() == MessageKind.BROADCAST) {
            Long posted = postedNanos.get(
                    Observation.ClusterMessageSent.serial(delivered.message().payload()));
            if (posted != null) {
                broadcast(delivered, posted, report);
            }
        }
    }

    private void broadcast(Observation.ClusterMessageDelivered delivered, long posted, Report report) {
        ClusterMessage message = delivered.message();
        long order = message.order();
        Topic topic = new Topic(message.origin(), message.id().instance(), message.topic());
        orders.computeIfAbsent(topic, key -> new HashMap<>()).putIfAbsent(order, posted);
        Map<Topic, Line> own = lines.computeIfAbsent(delivered.observer(), process -> new HashMap<>());
        long lives = own.keySet().stream()
                .filter(other -> other.origin().equals(topic.origin()))
                .map(Topic::instance)
                .distinct()
                .count();
        Line line = own.computeIfAbsent(topic, key -> new Line());
        boolean met = line.highest > 0;
        if (lives <= MAX_LIVES && delivered.dropped() == 0) {
            if (message.late() != order < line.highest) {
                report.violated(delivered.observer() + " was given after " + line.highest + ": " + message);
            } else if (!message.late()
                    && order > 1
                    && !line.had.contains(order - 1)
                    && (met || order <= FIRST_LOOK_BACK)) {
                hasWaited(delivered, posted, orders.get(topic).get(order - 1), report);
            }
        }
        line.had.add(order);
        line.highest = Math.max(line.highest, order);
    }

    private void hasWaited(
            Observation.ClusterMessageDelivered delivered, long posted, @Nullable Long predecessor, Report report) {
        long now = delivered.nanos();
        boolean mayComeYet = predecessor != null
                && (now - predecessor) * clockFactor < messaging.storeAge().toNanos();
        long hold = messaging.holdBack().toNanos() / clockFactor;
        if (mayComeYet && now - posted < hold) {
            report.violated(delivered.observer() + " was given " + delivered.message() + " "
                    + (now - posted) / 1_000_000
                    + " ms after it was sent, and not the one before it; that should have been"
                    + " waited for " + hold / 1_000_000 + " ms");
        }
    }
}
