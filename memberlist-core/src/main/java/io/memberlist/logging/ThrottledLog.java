package io.memberlist.logging;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what a peer, the network or a failing callback can cause in any number: one line of a kind about the same subject in
 * ten seconds, and while it goes on in twenty, forty and sixty. The next line says how many were left out. Of each kind a bounded number of subjects is told apart; those
 * beyond share one line. What others wrote is made {@linkplain LogText printable}. Safe from any thread.
 */
public final class ThrottledLog {
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final long LONG_QUIET_NANOS = 60_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MAX_SUBJECTS = 32;
    /** Whoever invents names should not write more lines than members that exist. */
    private static final int MAX_INVENTED = 1;

    private static final int MAX_KEY_LENGTH = 512;
    /** A failure may be among its own causes. */
    private static final int MAX_CAUSES = 20;

    private final Logger log;
    private final LongSupplier nanoTime;
    private final String prefix;
    /** By the format, of which there are as many as calls in the code. */
    private final Map<String, Kind> kinds = new HashMap<>();

    private final Map<String, Kind> inventedKinds = new HashMap<>();

    /** @param log takes the lines that are not left out */
    public ThrottledLog(Logger log) {
        this(log, System::nanoTime, "");
    }

    /**
     * @param log takes the lines that are not left out
     * @param nanoTime the clock, as {@link System#nanoTime}
     * @param prefix the name that stands before each line; empty for none
     */
    public ThrottledLog(Logger log, LongSupplier nanoTime, String prefix) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.prefix = prefix.isEmpty() ? "" : LogText.printable(prefix) + ": ";
    }

    /**
     * Logs a line, unless one of its kind about the same subject was logged in the last ten seconds; in a longer time, up to a
     * minute, if others were left out before that one.
     *
     * @param subject what the line is about: a member, an address (of which the port does not count), the type of a failure
     * @param format what the kind is told by: a constant of the code, with a place for each argument
     * @param arguments may end with a failure beyond the places, of which the stack trace is logged
     */
    public void log(Level level, Object subject, String format, @Nullable Object... arguments) {
        if (log.isEnabledForLevel(level)) {
            write(level, format, admit(kinds, MAX_SUBJECTS, QUIET_NANOS, format, key(subject)), arguments);
        }
    }

    /** As {@link #log}, about what may not exist: of each kind, one of those has a line of its own, in a minute. */
    public void logInvented(Level level, Object subject, String format, @Nullable Object... arguments) {
        if (log.isEnabledForLevel(level)) {
            write(level, format, admit(inventedKinds, MAX_INVENTED, LONG_QUIET_NANOS, format, key(subject)), arguments);
        }
    }

    /**
     * {@return what a line about a failure of the application is about: the type of its cause, and where that was thrown}
     * So a fault that shows all the time hides no other one.
     */
    public static Object fault(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < MAX_CAUSES && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        return trace.length == 0 ? cause.getClass() : List.of(cause.getClass(), trace[0]);
    }

    /** {@return whether lines of this level are logged at all} */
    public boolean isEnabled(Level level) {
        return log.isEnabledForLevel(level);
    }

    /** Logs a line in any case. */
    public void always(Level level, String format, @Nullable Object... arguments) {
        if (log.isEnabledForLevel(level)) {
            write(level, format, "", arguments);
        }
    }

    private static Object key(Object subject) {
        if (subject instanceof InetSocketAddress address && address.getAddress() != null) {
            return address.getAddress();
        }
        // A key must not hold more than a name may have, whatever a peer sends.
        return subject instanceof String text && text.length() > MAX_KEY_LENGTH
                ? text.substring(0, MAX_KEY_LENGTH)
                : subject;
    }

    private synchronized @Nullable String admit(
            Map<String, Kind> from, int room, long quietNanos, String format, Object key) {
        return from.computeIfAbsent(format, f -> new Kind(room, quietNanos)).admit(key, nanoTime.getAsLong());
    }

    /** @param leftOut what to add to the line, or null if it is left out */
    private void write(Level level, String format, @Nullable String leftOut, @Nullable Object... arguments) {
        if (leftOut == null) {
            return;
        }
        LoggingEventBuilder line = log.atLevel(level);
        int last = arguments.length - 1;
        if (last >= 0 && arguments[last] instanceof Throwable failure) {
            line = line.setCause(PrintableFailure.of(failure));
            arguments = Arrays.copyOf(arguments, last);
        }
        line = line.addArgument(prefix);
        for (Object argument : arguments) {
            line = line.addArgument(argument instanceof Number ? argument : LogText.printable(argument));
        }
        line.log("{}" + format + leftOut);
    }

    /** The lines of one kind. */
    private static final class Kind {
        private final int room;
        private final long quietNanos;
        private final Map<Object, Line> bySubject = new HashMap<>();
        /** What is said of subjects that find no room. */
        private final Line others;

        /**
         * @param room how many subjects have a line of their own
         * @param quietNanos how long nothing more is said about a subject after its first line
         */
        Kind(int room, long quietNanos) {
            this.room = room;
            this.quietNanos = quietNanos;
            this.others = new Line(quietNanos);
        }

        /** {@return what to add to the line, or null if it is left out} */
        @Nullable
        String admit(Object key, long now) {
            if (bySubject.size() >= room && !bySubject.containsKey(key)) {
                bySubject.values().removeIf(line -> line.endedBefore(now, others));
            }
            boolean own = bySubject.size() < room || bySubject.containsKey(key);
            Line line = own ? bySubject.computeIfAbsent(key, k -> new Line(quietNanos)) : others;
            if (line.isQuiet(now)) {
                line.leftOut++;
                return null;
            }
            String more = own ? line.more(now) : line.moreAboutOthers();
            line.logged(now, quietNanos);
            return more;
        }
    }

    private static final class Line {
        private boolean logged;
        private long loggedNanos;
        private long quietNanos;
        private long leftOut;

        Line(long quietNanos) {
            this.quietNanos = quietNanos;
        }

        boolean isQuiet(long now) {
            return logged && now - loggedNanos < quietNanos;
        }

        /** The line was logged. If others like it were left out before, it is a storm that goes on. */
        void logged(long now, long quietAtFirstNanos) {
            logged = true;
            loggedNanos = now;
            quietNanos = leftOut > 0 ? Math.min(LONG_QUIET_NANOS, 2 * quietNanos) : quietAtFirstNanos;
            leftOut = 0;
        }

        private String more(long now) {
            long seconds = (long) Math.ceil((now - loggedNanos) / NANOS_PER_SECOND);
            return leftOut == 0 ? "" : " (" + leftOut + " more like it in the last " + seconds + " s)";
        }

        private String moreAboutOthers() {
            return leftOut == 0 ? "" : " (" + leftOut + " more like it about others that had no line of their own)";
        }

        /** {@return whether nothing speaks against another line} If so, what was left out counts with that of others. */
        private boolean endedBefore(long now, Line others) {
            boolean ended = !isQuiet(now);
            others.leftOut += ended ? leftOut : 0;
            return ended;
        }
    }
}
