package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts and logs what is not processed, and what others can provoke. A hostile or broken peer can provoke any number of
 * lines, so each kind is logged at most once in a while, with the number that was kept back (the counters have them all),
 * and what comes from outside is shown without control characters and not at full length.
 */
final class Drops {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final int MAX_SHOWN = 200;

    private final EventLoop loop;
    private final Counters counters;
    private final String self;
    private final Map<Object, Throttle> throttles = new HashMap<>();
    private boolean silent;

    Drops(EventLoop loop, Counters counters, String self) {
        this.loop = loop;
        this.counters = counters;
        this.self = self;
    }

    /** Counts a drop and logs it at its reason's level, unless the same reason was logged a moment ago. Loop only. */
    void report(DropReason reason, String what, @Nullable Object detail) {
        counters.drop(reason);
        log(reason.level(), reason, what, detail);
    }

    /** Logs what is not about a drop, unless something of its kind was logged a moment ago. Loop only. */
    void log(Level level, Object kind, String what, @Nullable Object detail) {
        if (silent) {
            return;
        }
        Throttle throttle = throttles.computeIfAbsent(kind, k -> new Throttle());
        long now = loop.nanoTime();
        if (throttle.logged && now - throttle.lastNanos < QUIET_NANOS) {
            throttle.keptBack++;
            return;
        }
        if (throttle.keptBack > 0) {
            log.atLevel(level)
                    .log(
                            "{}: {}: {} ({} more like it since the last warning)",
                            self,
                            shown(what),
                            shown(detail),
                            throttle.keptBack);
        } else {
            log.atLevel(level).log("{}: {}: {}", self, shown(what), shown(detail));
        }
        throttle.logged = true;
        throttle.lastNanos = now;
        throttle.keptBack = 0;
    }

    /** From now on only counts: the member is shutting down, and what fails then is no news. */
    void silence() {
        silent = true;
    }

    /** {@return a text fit for a log line: control characters, which could forge lines, replaced, and cut at a length} */
    static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_SHOWN) + 1);
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_SHOWN) {
                return clean.append('…').toString();
            }
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return clean.toString();
    }

    private static final class Throttle {
        boolean logged;
        long lastNanos;
        long keptBack;
    }
}
