package io.memberlist.spring;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.transport.Causes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the seeds, and logs what came of it. The member itself asks them again. */
final class SeedJoiner {
    private static final Logger log = LoggerFactory.getLogger(SeedJoiner.class);

    private final Memberlist memberlist;
    private final List<String> seeds;
    private volatile boolean stopped;

    SeedJoiner(Memberlist memberlist, List<String> seeds) {
        this.memberlist = memberlist;
        this.seeds = seeds;
    }

    /** Returns at once. */
    void start() {
        memberlist.join(seeds).whenComplete(this::report);
    }

    /** Reports nothing any more. A call of join that is under way ends when the member leaves. */
    void stop() {
        stopped = true;
    }

    private void report(@Nullable JoinResult result, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        int members = memberlist.numMembers();
        if (members > 1) {
            log.info("{} is in a cluster of {}", memberlist.localMember().name(), members);
        } else if (!seeds.isEmpty()) {
            String reason = failure == null ? "nobody but this member is there" : reason(failure);
            log.info("No other member found through {} yet ({}); asking again in the background", seeds, reason);
        }
    }

    private static String reason(Throwable failure) {
        return String.valueOf(Causes.unwrap(failure).getMessage());
    }
}
