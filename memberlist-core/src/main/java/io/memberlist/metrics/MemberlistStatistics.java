package io.memberlist.metrics;

import java.time.Duration;
import java.util.Map;

/**
 * What a member has counted since it was created. All numbers only grow, except the lengths of the queues.
 *
 * @param packetsSent packets handed to the network
 * @param packetsReceived packets that arrived
 * @param bytesSent bytes of the packets sent
 * @param bytesReceived bytes of the packets received
 * @param streamsOpened streams that this member opened
 * @param streamsAccepted streams that others opened
 * @param streamsFailed streams that this member could not open, or that broke or came to their timeout
 * @param probes direct probes begun
 * @param probesFailed probes that ended without an answer
 * @param streamBytesSent bytes written to streams
 * @param streamBytesReceived bytes read from streams
 * @param pushPulls full state exchanges that this member began and that ended, whether they succeeded or not
 * @param pushPullTime how long these took together
 * @param aliveMessages alive messages that said something new
 * @param suspectMessages suspect messages that said something new
 * @param deadMessages dead and leave messages that said something new
 * @param probeTime how long the probes that ended took together
 * @param degradedProbes probes begun while the local health score was above zero
 * @param degradedSuspicions suspicions that timed out with fewer confirmations than were hoped for
 * @param queuedBroadcasts news and user broadcasts waiting to be gossiped now
 * @param queuedMessages user messages that wait for the application now
 * @param drops what was received or asked and not processed, by reason
 */
public record MemberlistStatistics(
        long packetsSent,
        long packetsReceived,
        long bytesSent,
        long bytesReceived,
        long streamsOpened,
        long streamsAccepted,
        long streamsFailed,
        long probes,
        long probesFailed,
        long streamBytesSent,
        long streamBytesReceived,
        long pushPulls,
        Duration pushPullTime,
        long aliveMessages,
        long suspectMessages,
        long deadMessages,
        Duration probeTime,
        long degradedProbes,
        long degradedSuspicions,
        int queuedBroadcasts,
        int queuedMessages,
        Map<String, Long> drops) {
    /** Copies the map. */
    public MemberlistStatistics {
        drops = Map.copyOf(drops);
    }
}
