package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs what is not processed. A hostile or broken peer can make any number of complaints, so each reason is
 * logged at most once in a while, with the number that was kept back; the counters have them all.
 */
final class Drops {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final EventLoop loop;
    private final Counters counters;
    private final String self;
    private final Map<DropReason, Throttle> throttles = new EnumMap<>(DropReason.class);

    Drops(EventLoop loop, Counters counters, String self) {
        this.loop = loop;
        this.counters = counters;
        this.self = self;
    }

    /** Counts a drop and logs it as a warning, unless the same reason was logged a moment ago. Loop only. */
    void warn(DropReason reason, String what, Object detail) {
        counters.drop(reason);
        Throttle throttle = throttles.computeIfAbsent(reason, r -> new Throttle());
        long now = loop.nanoTime();
        if (throttle.logged && now - throttle.lastNanos < QUIET_NANOS) {
            throttle.keptBack++;
            return;
        }
        if (throttle.keptBack > 0) {
            log.warn("{}: {}: {} ({} more like it since the last warning)", self, what, detail, throttle.keptBack);
        } else {
            log.warn("{}: {}: {}", self, what, detail);
        }
        throttle.logged = true;
        throttle.lastNanos = now;
        throttle.keptBack = 0;
    }

    private static final class Throttle {
        boolean logged;
        long lastNanos;
        long keptBack;
    }
}
