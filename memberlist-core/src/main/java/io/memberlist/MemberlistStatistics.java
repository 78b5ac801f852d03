package io.memberlist;

import java.util.Map;

/**
 * What a member counted since it was created. Everything only grows, save the queue length.
 *
 * @param packetsSent packets handed to the network
 * @param packetsReceived packets that arrived
 * @param bytesSent bytes of those packets
 * @param bytesReceived bytes of those packets
 * @param streamsOpened streams this member opened
 * @param streamsAccepted streams others opened
 * @param probes direct probes begun
 * @param probesFailed probes that ended without an answer
 * @param queuedBroadcasts news and user broadcasts waiting to be gossiped now
 * @param drops what was received or asked and not processed, by reason
 */
public record MemberlistStatistics(
        long packetsSent,
        long packetsReceived,
        long bytesSent,
        long bytesReceived,
        long streamsOpened,
        long streamsAccepted,
        long probes,
        long probesFailed,
        int queuedBroadcasts,
        Map<String, Long> drops) {
    /** Copies the map. */
    public MemberlistStatistics {
        drops = Map.copyOf(drops);
    }
}
