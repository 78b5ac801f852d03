package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The log of one member, whose name stands before each line. To be used on the loop.
 *
 * <p>A hostile or broken peer can cause any number of lines, so each kind of them is logged at most once in ten seconds, with
 * the number that was suppressed (the counters have them all). What comes from outside is logged without control characters,
 * and cut at a length.
 */
final class MemberLog {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final int MAX_LENGTH = 200;

    private final EventLoop loop;
    private final Counters counters;
    private final String self;
    private final Map<Object, Kind> kinds = new HashMap<>();
    private boolean silent;

    MemberLog(EventLoop loop, Counters counters, String self) {
        this.loop = loop;
        this.counters = counters;
        this.self = self;
    }

    void debug(String format, @Nullable Object... arguments) {
        log(Level.DEBUG, format, arguments);
    }

    void info(String format, @Nullable Object... arguments) {
        log(Level.INFO, format, arguments);
    }

    void warn(String format, @Nullable Object... arguments) {
        log(Level.WARN, format, arguments);
    }

    void error(String format, @Nullable Object... arguments) {
        log(Level.ERROR, format, arguments);
    }

    private void log(Level level, String format, @Nullable Object... arguments) {
        if (log.isEnabledForLevel(level)) {
            LoggingEventBuilder line = log.atLevel(level).addArgument(self);
            for (Object argument : arguments) {
                line = line.addArgument(argument);
            }
            line.log("{}: " + format);
        }
    }

    /** Counts a drop, and logs it at the level of its reason unless the same reason was logged a moment ago. */
    void dropped(DropReason reason, String what, @Nullable Object detail) {
        counters.drop(reason);
        throttled(reason.level(), reason, what, detail);
    }

    /** Logs what is not about a drop, unless something of its kind was logged a moment ago. */
    void throttled(Level level, Object kind, String what, @Nullable Object detail) {
        if (silent) {
            return;
        }
        Kind state = kinds.computeIfAbsent(kind, k -> new Kind());
        long now = loop.nanoTime();
        if (state.logged && now - state.lastNanos < QUIET_NANOS) {
            state.suppressed++;
            return;
        }
        String more = state.suppressed > 0 ? " (" + state.suppressed + " more like it since the last warning)" : "";
        log(level, "{}: {}{}", printable(what), printable(detail), more);
        state.logged = true;
        state.lastNanos = now;
        state.suppressed = 0;
    }

    /** Logs nothing any more: the member is shutting down, and what fails then is expected. Drops are still counted. */
    void silence() {
        silent = true;
    }

    /** {@return a text fit for a log line: control characters, which could forge lines, replaced, and cut at a length} */
    static String printable(@Nullable Object value) {
        String text = String.valueOf(value);
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 1);
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_LENGTH) {
                return clean.append('…').toString();
            }
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return clean.toString();
    }

    private static final class Kind {
        boolean logged;
        long lastNanos;
        long suppressed;
    }
}
