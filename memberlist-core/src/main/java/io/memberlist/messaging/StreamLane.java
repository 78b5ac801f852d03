package io.memberlist.messaging;

import io.memberlist.Member;
import io.memberlist.transport.Completion;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to leave over streams: so many open at a time, few of them for large messages, and not all of them to one
 * member, which may not answer. A message that several members can take is tried with the next where one fails.
 */
final class StreamLane {
    private static final int LARGE_BYTES = 64 * 1024;
    private static final int MAX_TRIES = 3;
    /** Who refuses so soon may be asked again: that keeps nobody waiting. */
    private static final long QUICK_NANOS = 1_000_000_000;

    private static final long MAX_WAITING_BYTES = 256L * 1024 * 1024;

    private final MessagingPort port;
    private final MessagingCounters counters;
    private final int concurrency;
    private final int maxWaiting;
    private final int largeConcurrency;
    private final int concurrencyPerMember;
    private final List<Job> waiting = new LinkedList<>();
    private final Map<String, Integer> openTo = new HashMap<>();
    private long waitingBytes;
    private int open;
    private int openLarge;
    private boolean stopped;

    /** @param maxWaiting the most messages that may wait before none is taken on for others */
    StreamLane(MessagingPort port, int concurrency, int maxWaiting, MessagingCounters counters) {
        this.port = port;
        this.counters = counters;
        this.concurrency = concurrency;
        this.maxWaiting = maxWaiting;
        this.largeConcurrency = Math.max(1, concurrency / 2);
        this.concurrencyPerMember = Math.max(1, concurrency / 2);
    }

    private record Job(
            List<Member> candidates,
            int tried,
            boolean insistent,
            int length,
            Supplier<byte[]> message,
            Completion completion) {
        Member to() {
            return candidates.get(Math.min(tried, candidates.size() - 1));
        }

        boolean large() {
            return length > LARGE_BYTES;
        }

        /** {@return whether it is worth another try: with another member, or with one that did not keep it waiting} */
        boolean hasAnother(long tookNanos) {
            return tried + 1 < MAX_TRIES && (tried + 1 < candidates.size() || insistent && tookNanos < QUICK_NANOS);
        }

        Job next() {
            return new Job(candidates, tried + 1, insistent, length, message, completion);
        }
    }

    /** Sends to one member, once. */
    void send(Member to, byte[] message, Completion completion) {
        add(new Job(List.of(to), 0, false, message.length, () -> message, completion));
    }

    /**
     * Sends to the first of some members that takes it. Where they are few, the last one that refuses is asked again.
     *
     * @param length of the message
     * @param message made when its stream may open, so that copies of large ones do not wait in memory
     */
    void send(List<Member> candidates, int length, Supplier<byte[]> message, Completion completion) {
        add(new Job(candidates, 0, true, length, message, completion));
    }

    private void add(Job job) {
        waiting.add(job);
        waitingBytes += job.length();
        pump();
    }

    /** Nobody needs what has this completion any more: it is not sent if it waits still, and its completion hears nothing. */
    void withdraw(Completion completion) {
        Iterator<Job> jobs = waiting.iterator();
        while (jobs.hasNext()) {
            Job job = jobs.next();
            if (job.completion() == completion) {
                jobs.remove();
                waitingBytes -= job.length();
                return;
            }
        }
    }

    int waiting() {
        return waiting.size();
    }

    /** {@return whether so much waits that nothing is taken on for others} Messages for several members count for each. */
    boolean full() {
        return waiting.size() >= maxWaiting || waitingBytes > MAX_WAITING_BYTES;
    }

    void stop() {
        stopped = true;
        waiting.clear();
        waitingBytes = 0;
    }

    private void pump() {
        Iterator<Job> jobs = waiting.iterator();
        while (jobs.hasNext() && open < concurrency && !stopped) {
            Job job = jobs.next();
            boolean fits = openTo.getOrDefault(job.to().name(), 0) < concurrencyPerMember
                    && (!job.large() || openLarge < largeConcurrency);
            if (fits) {
                jobs.remove();
                waitingBytes -= job.length();
                open(job, 1);
                start(job);
            }
        }
    }

    private void start(Job job) {
        long began = port.loop().nanoTime();
        Completion completion = failure -> port.loop().execute(() -> ended(job, failure, began));
        try {
            port.sendStream(job.to(), job.message().get(), completion);
        } catch (RuntimeException e) {
            // A member with a lower limit may have been given this in a packet. Its place must not stay taken.
            completion.done(e);
        }
    }

    private void ended(Job job, @Nullable Throwable failure, long began) {
        open(job, -1);
        if (failure != null && job.hasAnother(port.loop().nanoTime() - began) && !stopped) {
            counters.streamRetries.increment();
            waiting.add(0, job.next());
            waitingBytes += job.length();
        } else {
            job.completion().done(failure);
        }
        pump();
    }

    private void open(Job job, int change) {
        open += change;
        openLarge += job.large() ? change : 0;
        openTo.merge(job.to().name(), change, (a, b) -> a + b == 0 ? null : a + b);
    }
}
