package io.memberlist.messaging.outbox;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.metrics.MessagingCounters;
import java.util.function.Predicate;

/** What everybody works with who sends messages of one member. */
public record Sending(
        ExtensionContext context,
        MessagingConfig config,
        Origin self,
        MessagingCounters counters,
        Outbox outbox,
        Tokens tokens,
        StreamLane streams) {
    private static final int MAX_CAUSED = 4096;

    /** @param takesBundles whether a member is known to take several messages in one */
    public static Sending of(
            ExtensionContext context,
            MessagingConfig config,
            MessagingCounters counters,
            Predicate<Member> takesBundles) {
        Outbox outbox = new Outbox(context, config.packetRate());
        StreamLane streams =
                new StreamLane(context, config.streamConcurrency(), maxCaused(config), takesBundles, counters);
        return new Sending(
                context,
                config,
                Origin.ofThisLife(context.name(), context.loop()),
                counters,
                outbox,
                new Tokens(context.loop()),
                streams);
    }

    /** {@return how many messages may wait that other members cause: answers, repairs, and what is passed on} */
    public int maxCaused() {
        return maxCaused(config);
    }

    private static int maxCaused(MessagingConfig config) {
        return Math.min(MAX_CAUSED, config.queueDepth());
    }

    /** Stops both ways out: what waits is dropped. */
    public void stop() {
        outbox.stop();
        streams.stop();
    }
}
