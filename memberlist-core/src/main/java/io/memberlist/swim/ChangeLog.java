package io.memberlist.swim;

import io.memberlist.logging.LogText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Logs which members joined, came back, left or failed: the first at once, and in one line those that follow soon, as where a
 * cluster starts or a rack fails. While it goes on, the lines become fewer, down to one in a minute. Used on the loop.
 */
final class ChangeLog {
    private static final long SOON_NANOS = 1_000_000_000L;
    private static final long GOING_ON_NANOS = 10 * SOON_NANOS;
    private static final long LONGEST_NANOS = 60 * SOON_NANOS;

    private final Context context;
    private final Map<LogEvent, Gathered> gathered = new EnumMap<>(LogEvent.class);
    /** Those that failed and never answered, which may not exist. One in a few seconds would have a line each, for hours. */
    private final Map<LogEvent, Gathered> invented = new EnumMap<>(LogEvent.class);

    ChangeLog(Context context) {
        this.context = context;
    }

    /** Logs a change of this kind, or gathers it for a line that is due soon. */
    void changed(LogEvent kind, MemberRecord member) {
        if (!context.log().isEnabled(kind)) {
            return;
        }
        Map<LogEvent, Gathered> mine = kind == LogEvent.MEMBER_FAILED && !member.everAnswered() ? invented : gathered;
        String text = member.name() + " (" + Addresses.text(member.address()) + ")";
        Gathered open = mine.get(kind);
        if (open != null) {
            open.add(text);
            return;
        }
        log(kind, text);
        gather(mine, kind, SOON_NANOS);
    }

    /** Gathers changes for a line that is due after this time, and then those of a longer time, until there are none. */
    private void gather(Map<LogEvent, Gathered> into, LogEvent kind, long nanos) {
        into.put(kind, new Gathered());
        context.loop().schedule(nanos, () -> {
            Gathered due = into.remove(kind);
            boolean any = due != null && due.count > 0;
            if (any) {
                log(kind, LogText.list(due.first, due.count, ", "));
            }
            if (any || into == invented && nanos < LONGEST_NANOS) {
                gather(into, kind, Math.max(GOING_ON_NANOS, Math.min(LONGEST_NANOS, 2 * nanos)));
            }
        });
    }

    private void log(LogEvent kind, String members) {
        context.log().log(kind, members, context.table().live());
    }

    /** Of a whole cluster only the first names are kept, since only those are logged. */
    private static final class Gathered {
        private final List<String> first = new ArrayList<>();
        private int count;

        void add(String member) {
            count++;
            if (first.size() < LogText.MAX_LISTED) {
                first.add(member);
            }
        }
    }
}
