package io.memberlist.messaging.metrics;

import java.util.Map;

/**
 * What a member's messaging counted since it was created. Everything only grows, save the numbers of what waits or is held
 * now.
 *
 * @param broadcasts messages broadcast by this member
 * @param sent messages, requests and answers to one member
 * @param received messages of others that were new, of whatever topic
 * @param delivered messages handed to a handler or responder, once for each of them
 * @param handlerFailures messages at which a handler or responder threw
 * @param relayed broadcasts of others passed on, by gossip, as part of a tree or over streams
 * @param repaired messages that came only after they had been missed
 * @param repairsSent messages sent to others that had missed them
 * @param late messages delivered after a later one of the same origin and topic
 * @param streamRetries streams of large broadcasts that failed and were tried with another member
 * @param outgoing messages waiting to be sent now
 * @param stored messages kept for others now
 * @param storedBytes bytes of those
 * @param held messages held back for order now
 * @param origins origins remembered now
 * @param drops what was not delivered, passed on or sent, by {@link MessageDropReason} in lower-case words
 */
public record MessagingStatistics(
        long broadcasts,
        long sent,
        long received,
        long delivered,
        long handlerFailures,
        long relayed,
        long repaired,
        long repairsSent,
        long late,
        long streamRetries,
        int outgoing,
        int stored,
        long storedBytes,
        int held,
        int origins,
        Map<String, Long> drops) {
    /** Nothing counted. */
    public static final MessagingStatistics NONE =
            new MessagingStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());

    /** Copies the map. */
    public MessagingStatistics {
        drops = Map.copyOf(drops);
    }
}
