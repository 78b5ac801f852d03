package io.memberlist.messaging.outbox;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Bundle;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to leave over streams: so many open at a time, few of them for large messages, and not all of them to one
 * member, which may not answer. A stream is open until the other side has the message, so that what waits, waits here and not
 * in the network. Members take turns. Small messages that wait for a stream to the same member share the next
 * one, where it takes {@linkplain Bundle bundles}. A message that several members can take is tried with the next where one
 * fails.
 */
public final class StreamLane {
    private static final int LARGE_BYTES = 64 * 1024;
    private static final int MAX_TRIES = 3;
    /** Who refuses so soon may be asked again: that keeps nobody waiting. */
    private static final long QUICK_NANOS = 1_000_000_000;

    /**
     * A small message that is not taken so soon has met a member that stands still: its place is given to others, and another
     * member is tried where one would do.
     */
    private static final long GIVE_WAY_NANOS = 1_000_000_000;

    private static final long MAX_WAITING_BYTES = 256L * 1024 * 1024;

    private final ExtensionContext context;
    private final MessagingCounters counters;
    private final Predicate<Member> takesBundles;
    private final int concurrency;
    private final int maxWaiting;
    /** The most streams for large messages, and the most to one member. */
    private final int shareOfStreams;

    private final Map<Line, Deque<Job>> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> openTo = new HashMap<>();
    private int waitingJobs;
    private long waitingBytes;
    private int open;
    /** Whom a large message is under way to: one to each, or who stands still would keep all such streams. */
    private final Set<String> openLarge = new HashSet<>();

    private boolean pumping;
    private boolean stopped;

    /**
     * @param maxWaiting the most messages that may wait before none is taken on for others
     * @param takesBundles whether a member is known to take several messages in one
     */
    StreamLane(
            ExtensionContext context,
            int concurrency,
            int maxWaiting,
            Predicate<Member> takesBundles,
            MessagingCounters counters) {
        this.context = context;
        this.counters = counters;
        this.takesBundles = takesBundles;
        this.concurrency = concurrency;
        this.maxWaiting = maxWaiting;
        this.shareOfStreams = Math.max(1, concurrency / 2);
    }

    /** What waits for the same streams, in order: large messages to a member do not stand in the way of small ones. */
    private record Line(String member, boolean large) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byMember = member.compareTo(other.member);
            return byMember != 0 ? byMember : Boolean.compare(large, other.large);
        }
    }

    private record Job(
            List<Member> candidates,
            int tried,
            boolean insistent,
            int length,
            Supplier<byte[]> message,
            Completion<Void> completion) {
        Member to() {
            return candidates.get(Math.min(tried, candidates.size() - 1));
        }

        boolean large() {
            return length > LARGE_BYTES;
        }

        Line line() {
            return new Line(to().name(), large());
        }

        /** {@return whether it is worth another try: with another member, or with one that did not keep it waiting} */
        boolean hasAnother(long tookNanos) {
            return hasOtherMember() || tried + 1 < MAX_TRIES && insistent && tookNanos < QUICK_NANOS;
        }

        boolean hasOtherMember() {
            return tried + 1 < MAX_TRIES && tried + 1 < candidates.size();
        }

        Job next() {
            return new Job(candidates, tried + 1, insistent, length, message, completion);
        }
    }

    /** Sends to one member, once. */
    public void send(Member to, byte[] message, Completion<Void> completion) {
        add(new Job(List.of(to), 0, false, message.length, () -> message, completion));
    }

    /**
     * Sends to the first of some members that takes it. Where they are few, the last one that refuses is asked again.
     *
     * @param length of the message
     * @param message made when its stream may open, so that copies of large ones do not wait in memory
     */
    public void send(List<Member> candidates, int length, Supplier<byte[]> message, Completion<Void> completion) {
        add(new Job(candidates, 0, true, length, message, completion));
    }

    private void add(Job job) {
        line(job).addLast(job);
        waits(job, 1);
        if (!pumping) {
            // Behind whatever else is to be sent in this turn, so that it can share streams.
            pumping = true;
            context.loop().execute(this::pump);
        }
    }

    private Deque<Job> line(Job job) {
        return waiting.computeIfAbsent(job.line(), line -> new ArrayDeque<>());
    }

    private void waits(Job job, int change) {
        waitingJobs += change;
        waitingBytes += (long) change * job.length();
    }

    /** Nobody needs what has this completion any more: it is not sent if it waits still, and its completion hears nothing. */
    public void withdraw(Completion<Void> completion) {
        waiting.values()
                .forEach(jobs -> jobs.removeIf(job -> {
                    boolean unwanted = job.completion() == completion;
                    if (unwanted) {
                        waits(job, -1);
                    }
                    return unwanted;
                }));
        waiting.values().removeIf(Deque::isEmpty);
    }

    public int waiting() {
        return waitingJobs;
    }

    /** {@return whether so much waits that nothing is taken on for others} Messages for several members count for each. */
    public boolean full() {
        return waitingJobs >= maxWaiting || waitingBytes > MAX_WAITING_BYTES;
    }

    /** {@return whether a message of that length would share the stream that others to that member wait for already} */
    public boolean mayShareWith(Member member, int length) {
        return length <= LARGE_BYTES
                && waiting.containsKey(new Line(member.name(), false))
                && takesBundles.test(member);
    }

    void stop() {
        stopped = true;
        waiting.clear();
        waitingJobs = 0;
        waitingBytes = 0;
    }

    private void pump() {
        pumping = false;
        for (Line line = next(); line != null; line = next()) {
            // Taken out and put back at the end: the others have their turn first.
            Deque<Job> jobs = waiting.remove(line);
            List<Job> together = take(jobs);
            if (!jobs.isEmpty()) {
                waiting.put(line, jobs);
            }
            start(together);
        }
    }

    private @Nullable Line next() {
        if (stopped || open >= concurrency) {
            return null;
        }
        for (Line line : waiting.keySet()) {
            if (openTo.getOrDefault(line.member(), 0) < shareOfStreams
                    && (!line.large() || openLarge.size() < shareOfStreams && !openLarge.contains(line.member()))) {
                return line;
            }
        }
        return null;
    }

    /** {@return the first, and those behind it that may share its stream} */
    private List<Job> take(Deque<Job> jobs) {
        List<Job> together = new ArrayList<>();
        Job first = jobs.removeFirst();
        together.add(first);
        int bytes = Bundle.lengthWith(first.length());
        while (mayShare(first) && !jobs.isEmpty() && mayShare(jobs.getFirst())) {
            bytes += Bundle.lengthWith(jobs.getFirst().length());
            if (bytes > Bundle.MAX_BYTES) {
                break;
            }
            together.add(jobs.removeFirst());
        }
        together.forEach(job -> waits(job, -1));
        return together;
    }

    private boolean mayShare(Job job) {
        return !job.large() && takesBundles.test(job.to());
    }

    private void start(List<Job> together) {
        Open stream = new Open(together);
        Job first = together.get(0);
        try {
            byte[] message = together.size() == 1
                    ? first.message().get()
                    : Bundle.of(
                            together.stream().map(job -> job.message().get()).toList());
            context.sendStream(whereItIsNow(first.to()), message, stream);
        } catch (RuntimeException e) {
            // A member with a lower limit may have been given this in a packet. Its place must not stay taken.
            stream.done(null, e);
        }
    }

    /** It may have started again at another address while this waited. */
    private Member whereItIsNow(Member member) {
        Member now = context.member(member.name());
        return now != null && now.state().isLive() ? now : member;
    }

    private void ended(List<Job> together, @Nullable Throwable failure, long tookNanos) {
        List<Job> again = new ArrayList<>();
        for (Job job : together) {
            if (failure != null && job.hasAnother(tookNanos) && !stopped) {
                again.add(job);
            } else {
                job.completion().done(null, failure);
            }
        }
        tryNext(again);
        pump();
    }

    /** Before all that waits, in the order they have. */
    private void tryNext(List<Job> again) {
        for (int i = again.size() - 1; i >= 0; i--) {
            counters.streamRetries.increment();
            Job next = again.get(i).next();
            line(next).addFirst(next);
            waits(next, 1);
        }
    }

    /** A stream, and the places it takes: one of its member's, and one of all. */
    private final class Open implements Completion<Void> {
        /** What is tried elsewhere meanwhile is not among them any more. */
        private final List<Job> together;

        private final String member;
        private final boolean large;
        private final long beganNanos = context.loop().nanoTime();
        private final EventLoop.Timer patience;
        private boolean hasPlace = true;

        Open(List<Job> together) {
            Job first = together.get(0);
            this.together = new ArrayList<>(together);
            this.member = first.to().name();
            this.large = first.large();
            open++;
            if (large) {
                openLarge.add(member);
            }
            openTo.merge(member, 1, Integer::sum);
            patience = large ? () -> {} : context.loop().schedule(GIVE_WAY_NANOS, this::giveWay);
        }

        private void giveWay() {
            leavePlace();
            if (!stopped) {
                List<Job> elsewhere =
                        together.stream().filter(Job::hasOtherMember).toList();
                together.removeAll(elsewhere);
                tryNext(elsewhere);
                pump();
            }
        }

        private void leavePlace() {
            open -= hasPlace ? 1 : 0;
            hasPlace = false;
        }

        @Override
        public void done(@Nullable Void nothing, @Nullable Throwable failure) {
            context.loop().execute(() -> {
                patience.cancel();
                leavePlace();
                if (large) {
                    openLarge.remove(member);
                }
                openTo.merge(member, -1, (a, b) -> a + b == 0 ? null : a + b);
                ended(together, failure, context.loop().nanoTime() - beganNanos);
            });
        }
    }
}
