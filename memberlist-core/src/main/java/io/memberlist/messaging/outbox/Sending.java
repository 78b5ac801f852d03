package io.memberlist.messaging.outbox;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.metrics.MessagingCounters;
import java.util.function.Predicate;

/** What everybody works with who sends messages of one member. */
public record Sending(
        ExtensionContext port,
        MemberlistConfig config,
        Origin self,
        MessagingCounters counters,
        Outbox outbox,
        StreamLane streams) {
    /** @param takesBundles whether a member is known to take several messages in one */
    public static Sending of(
            ExtensionContext port,
            MemberlistConfig config,
            MessagingCounters counters,
            Predicate<Member> takesBundles) {
        Outbox outbox = new Outbox(port, config.messaging().packetRate(), port::others);
        StreamLane streams = new StreamLane(
                port, config.messaging().streamConcurrency(), config.messaging().queueDepth(), takesBundles, counters);
        return new Sending(port, config, Origin.ofThisLife(config.nodeName(), port.loop()), counters, outbox, streams);
    }

    /** Stops both ways out: what waits is dropped. */
    public void stop() {
        outbox.stop();
        streams.stop();
    }
}
