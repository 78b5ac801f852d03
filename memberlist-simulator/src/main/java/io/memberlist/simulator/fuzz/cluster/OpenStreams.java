package io.memberlist.simulator.fuzz.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/** The open streams of one process, with the time from which their age counts, by the clock of the process. */
final class OpenStreams {
    private final Map<Object, Instant> since = new IdentityHashMap<>();

    void opened(Object stream, Instant now) {
        since.put(stream, now);
    }

    void closed(Object stream) {
        since.remove(stream);
    }

    void clear() {
        since.clear();
    }

    /** Lets all ages count from now, since the process could not act before. */
    void restartClock(Instant now) {
        since.replaceAll((stream, before) -> now);
    }

    /** {@return the age of the oldest stream; zero if there is none} */
    Duration oldest(Instant now) {
        return since.isEmpty() ? Duration.ZERO : Duration.between(Collections.min(since.values()), now);
    }
}
