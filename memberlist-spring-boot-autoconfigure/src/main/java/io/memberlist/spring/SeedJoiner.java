package io.memberlist.spring;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.transport.Causes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the seeds in the background until one was reached and another member is known. A member whose only seed is itself
 * reaches it at once and stays alone; it tries again until another member is known.
 */
final class SeedJoiner {
    private static final Logger log = LoggerFactory.getLogger(SeedJoiner.class);

    private final Memberlist memberlist;
    private final List<String> seeds;
    private final JoinRetry retry;
    private final ScheduledExecutorService timer;
    private @Nullable CompletableFuture<JoinResult> inFlight;
    private int failures;
    private boolean asked;
    private boolean stopped;

    SeedJoiner(Memberlist memberlist, List<String> seeds, JoinRetry retry) {
        this(memberlist, seeds, retry, Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "memberlist-join");
            thread.setDaemon(true);
            return thread;
        }));
    }

    SeedJoiner(Memberlist memberlist, List<String> seeds, JoinRetry retry, ScheduledExecutorService timer) {
        this.memberlist = memberlist;
        this.seeds = seeds;
        this.retry = retry;
        this.timer = timer;
    }

    void start() {
        timer.execute(this::attempt);
    }

    /** Ends the attempts: none begins or has an effect after this. */
    synchronized void stop() {
        stopped = true;
        if (inFlight != null) {
            inFlight.cancel(true);
        }
        timer.shutdownNow();
    }

    private synchronized void attempt() {
        if (stopped) {
            return;
        }
        if (asked && memberlist.hasLeft()) {
            // The application made the member leave meanwhile; another attempt would bring it back.
            stopped = true;
            timer.shutdown();
            return;
        }
        asked = true;
        try {
            inFlight = memberlist.join(seeds);
        } catch (RuntimeException e) {
            inFlight = CompletableFuture.failedFuture(e);
        }
        inFlight.whenComplete(this::done);
    }

    private synchronized void done(@Nullable JoinResult result, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        int members = memberlist.numMembers();
        if (result != null && (seeds.isEmpty() || result.count() > 0 && members > 1)) {
            stopped = true;
            log.info("{} is in a cluster of {}", memberlist.localMember().name(), members);
            // not shutdownNow(): this may run on the timer's own thread
            timer.shutdown();
            return;
        }
        failures++;
        Duration delay = retry.delay(failures);
        report(result, failure, delay);
        try {
            timer.schedule(this::attempt, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("No further attempt to join {}: the application stops", seeds, e);
        }
    }

    private void report(@Nullable JoinResult result, @Nullable Throwable failure, Duration delay) {
        String reason = result != null ? "nobody but this member is there" : reason(failure);
        if (failures == 1) {
            log.info(
                    "No other member found through {} yet ({}); asking again in the background until one answers",
                    seeds,
                    reason);
        } else {
            log.debug("Attempt {} through {} found no other member ({}); next in {}", failures, seeds, reason, delay);
        }
    }

    private static String reason(@Nullable Throwable failure) {
        return failure == null
                ? "unknown"
                : String.valueOf(Causes.unwrap(failure).getMessage());
    }
}
