package io.memberlist.swim;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of one member, whose name stands before each line. A hostile or broken peer can cause any number of lines, so all
 * but debug lines are {@linkplain ThrottledLog throttled} by kind and subject. Safe from any thread.
 */
final class MemberLog {
    private final ThrottledLog log;
    private final Counters counters;
    private volatile boolean silent;

    MemberLog(EventLoop loop, Counters counters, String self) {
        this.log = new ThrottledLog(LoggerFactory.getLogger("io.memberlist"), loop::nanoTime, self);
        this.counters = counters;
    }

    /**
     * Logs an event, unless the same about the same subject was logged a moment ago.
     *
     * @param subject the member or the address that it is about, which fills the first place of the text
     * @param more what fills the other places
     */
    void log(LogEvent event, Object subject, @Nullable Object... more) {
        if (!silent) {
            log.log(event.level(), subject, event.text(), arguments(subject, more));
        }
    }

    private static @Nullable Object[] arguments(Object subject, @Nullable Object... more) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(subject instanceof InetSocketAddress address ? Addresses.text(address) : subject);
        arguments.addAll(Arrays.asList(more));
        return arguments.toArray();
    }

    /** Logs an event that is about a member which may not exist, for one of those. */
    void logInvented(LogEvent event, Object subject, @Nullable Object... more) {
        if (!silent) {
            log.logInvented(event.level(), subject, event.text(), arguments(subject, more));
        }
    }

    /** Logs an event that is about this member itself, unless the same was logged a moment ago. */
    void logSelf(LogEvent event, @Nullable Object... arguments) {
        if (!silent) {
            log.log(event.level(), event, event.text(), arguments);
        }
    }

    /** Counts a drop, and logs why unless the same about the same subject was logged a moment ago. */
    void dropped(DropReason reason, LogEvent event, Object subject, @Nullable Object... more) {
        counters.drop(reason);
        log(event, subject, more);
    }

    /** Counts a drop that is about this member itself, and logs why unless the same was logged a moment ago. */
    void droppedSelf(DropReason reason, LogEvent event, @Nullable Object... arguments) {
        counters.drop(reason);
        logSelf(event, arguments);
    }

    /** Logs a warning of an extension, unless one of its kind was logged a moment ago. */
    void extension(Object kind, String what, @Nullable Object detail) {
        if (!silent) {
            log.log(Level.WARN, kind, "{}: {}", what, detail);
        }
    }

    /** {@return whether events of this kind are logged at all} */
    boolean isEnabled(LogEvent event) {
        return !silent && log.isEnabled(event.level());
    }

    void debug(String format, @Nullable Object... arguments) {
        log.always(Level.DEBUG, format, arguments);
    }

    /** Logs nothing any more but debug lines: the member is shutting down, and what fails then is expected. */
    void silence() {
        silent = true;
    }
}
