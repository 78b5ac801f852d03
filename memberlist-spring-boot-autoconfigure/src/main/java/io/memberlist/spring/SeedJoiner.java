package io.memberlist.spring;

import io.memberlist.Memberlist;
import io.memberlist.logging.LogText;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.transport.Causes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the seeds, and logs where nobody is there. The member itself asks them again, and logs why each one is missing. */
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
        if (!stopped && !seeds.isEmpty() && memberlist.numMembers() <= 1) {
            log.info("No other member found through {} yet ({}); asking again in the background", seeds, why(failure));
        }
    }

    private static String why(@Nullable Throwable failure) {
        if (failure == null) {
            return "nobody but this member is there";
        }
        Throwable cause = Causes.unwrap(failure);
        return cause instanceof JoinException ? "none of them could be joined" : LogText.printable(cause.getMessage());
    }
}
