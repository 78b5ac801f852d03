package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.metrics.Measurement;
import io.memberlist.metrics.MeasurementListener;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a member counts, over all its lives. Written on the loop (drops of callbacks elsewhere too), read from anywhere. */
public final class Counters {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    public final LongAdder packetsSent = new LongAdder();
    public final LongAdder packetsReceived = new LongAdder();
    /** Pings for this member in packets. */
    final LongAdder pingsReceived = new LongAdder();

    public final LongAdder bytesSent = new LongAdder();
    public final LongAdder bytesReceived = new LongAdder();
    public final LongAdder streamsOpened = new LongAdder();
    public final LongAdder streamsAccepted = new LongAdder();
    public final LongAdder streamsFailed = new LongAdder();
    public final LongAdder streamBytesSent = new LongAdder();
    public final LongAdder streamBytesReceived = new LongAdder();
    public final LongAdder pushPulls = new LongAdder();
    public final LongAdder pushPullNanos = new LongAdder();
    public final LongAdder aliveMessages = new LongAdder();
    public final LongAdder suspectMessages = new LongAdder();
    public final LongAdder deadMessages = new LongAdder();
    public final LongAdder degradedSuspicions = new LongAdder();
    public final LongAdder degradedProbes = new LongAdder();
    public final LongAdder probeNanos = new LongAdder();
    public final LongAdder probes = new LongAdder();
    public final LongAdder probesFailed = new LongAdder();
    private volatile boolean listenerFailed;
    private final List<MeasurementListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);

    /** Counts from zero. */
    public Counters() {
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    /** Adds a listener, which is notified of each measurement from now on. Safe from any thread. */
    public void addListener(MeasurementListener listener) {
        listeners.add(listener);
    }

    void measure(Measurement what, long value) {
        for (MeasurementListener listener : listeners) {
            try {
                listener.measured(what, Math.max(0, value));
            } catch (RuntimeException | LinkageError e) {
                // Once: there may be a thousand measurements in a second.
                if (!listenerFailed) {
                    listenerFailed = true;
                    log.error("a measurement listener failed on {}; further failures are not logged", what, e);
                }
            }
        }
    }

    void drop(DropReason reason) {
        Objects.requireNonNull(drops.get(reason)).increment();
    }

    /** {@return how often something was dropped for the reason} */
    public long dropped(DropReason reason) {
        return Objects.requireNonNull(drops.get(reason)).sum();
    }

    /** {@return the drops that happened, by the name of the reason in lower case} */
    public Map<String, Long> drops() {
        Map<String, Long> result = new HashMap<>();
        drops.forEach((reason, count) -> {
            if (count.sum() > 0) {
                result.put(reason.name().toLowerCase(Locale.ROOT), count.sum());
            }
        });
        return result;
    }
}
