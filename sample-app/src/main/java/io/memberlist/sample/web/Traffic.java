package io.memberlist.sample.web;

import io.memberlist.Memberlist;
import io.memberlist.metrics.MemberlistStatistics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.stereotype.Component;

/** The traffic of this member in each of the last seconds, packets and streams together. */
@Component
class Traffic {
    private static final int SECONDS = 60;

    private final Memberlist memberlist;
    private final Deque<Second> seconds = new ArrayDeque<>();
    private MemberlistStatistics last;

    /**
     * One second.
     *
     * @param packetsOut packets sent
     * @param packetsIn packets received
     * @param bytesOut bytes sent, including streams
     * @param bytesIn bytes received, including streams
     */
    record Second(long packetsOut, long packetsIn, long bytesOut, long bytesIn) {}

    Traffic(Memberlist memberlist) {
        this.memberlist = memberlist;
        this.last = memberlist.statistics();
    }

    /** Called once a second. */
    synchronized void sample() {
        MemberlistStatistics now = memberlist.statistics();
        seconds.add(new Second(
                now.packetsSent() - last.packetsSent(),
                now.packetsReceived() - last.packetsReceived(),
                now.bytesSent() + now.streamBytesSent() - last.bytesSent() - last.streamBytesSent(),
                now.bytesReceived() + now.streamBytesReceived() - last.bytesReceived() - last.streamBytesReceived()));
        last = now;
        if (seconds.size() > SECONDS) {
            seconds.remove();
        }
    }

    /** {@return the last seconds, the oldest first} */
    synchronized List<Second> seconds() {
        return List.copyOf(seconds);
    }
}
