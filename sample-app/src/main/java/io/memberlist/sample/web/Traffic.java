package io.memberlist.sample.web;

import io.memberlist.Memberlist;
import io.memberlist.metrics.MemberlistStatistics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The traffic of this member in each of the last seconds, packets and streams together. */
@Component
class Traffic {
    private static final int SECONDS = 60;

    private final Memberlist memberlist;
    private final Deque<Second> seconds = new ArrayDeque<>();
    private MemberlistStatistics last;
    private long lastNumber;

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

    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
    synchronized void sample() {
        MemberlistStatistics now = memberlist.statistics();
        seconds.add(new Second(
                now.packetsSent() - last.packetsSent(),
                now.packetsReceived() - last.packetsReceived(),
                now.bytesSent() + now.streamBytesSent() - last.bytesSent() - last.streamBytesSent(),
                now.bytesReceived() + now.streamBytesReceived() - last.bytesReceived() - last.streamBytesReceived()));
        last = now;
        lastNumber++;
        if (seconds.size() > SECONDS) {
            seconds.remove();
        }
    }

    /** {@return the number of the last second} */
    synchronized long lastNumber() {
        return lastNumber;
    }

    /** {@return the last seconds after the one with that number, the oldest first} */
    synchronized List<Second> secondsAfter(long number) {
        List<Second> all = List.copyOf(seconds);
        long first = Math.max(0, all.size() - Math.max(0, lastNumber - number));
        return all.subList((int) first, all.size());
    }
}
