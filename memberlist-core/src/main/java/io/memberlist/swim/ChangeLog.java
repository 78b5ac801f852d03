package io.memberlist.swim;

import io.memberlist.logging.LogText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Logs which members joined, came back, left or failed: the first at once, and in one line those that follow soon, as where a
 * cluster starts or a rack fails. While it goes on, the lines become fewer. Used on the loop.
 */
final class ChangeLog {
    private static final long SOON_NANOS = 1_000_000_000L;
    private static final long GOING_ON_NANOS = 10 * SOON_NANOS;

    private final Context context;
    private final Map<LogEvent, Gathered> gathered = new EnumMap<>(LogEvent.class);

    ChangeLog(Context context) {
        this.context = context;
    }

    /** Logs a change of this kind, or gathers it for a line that is due soon. */
    void changed(LogEvent kind, MemberRecord member) {
        if (!context.log().isEnabled(kind)) {
            return;
        }
        String text = member.name() + " (" + Addresses.text(member.address()) + ")";
        Gathered open = gathered.get(kind);
        if (open != null) {
            open.add(text);
            return;
        }
        log(kind, text);
        gathered.put(kind, new Gathered());
        logLater(kind, SOON_NANOS);
    }

    private void logLater(LogEvent kind, long nanos) {
        context.loop().schedule(nanos, () -> {
            Gathered due = gathered.remove(kind);
            if (due != null && due.count > 0) {
                log(kind, LogText.list(due.first, due.count, ", "));
                gathered.put(kind, new Gathered());
                logLater(kind, GOING_ON_NANOS);
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
