package io.memberlist.swim;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent.ReachabilityChanged;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds members to which one of the two ways, packets and streams, works and the other does not: most often a firewall. SWIM
 * does not notice, since a member that answers in any way lives; the Go library logs it and nothing else.
 *
 * <p>A failed stream, or a probe that was answered over a stream only, raises a doubt. While there is one, the member is pinged
 * in both ways from time to time. It takes several checks with the same result to say so, and two good ones to end the doubt.
 * Where neither way works, failure detection decides.
 */
final class ReachabilityCheck {
    /** Checks with the same result before it counts, so that lost packets and a restart of the member are no news. */
    private static final int CONFIRMATIONS = 3;

    private static final int GOOD_CHECKS = 2;
    /** Pings in packets, one after the other, before a check has found that none arrives: a lossy network is another matter. */
    private static final int PINGS = 5;

    private static final int PROBE_INTERVALS_BETWEEN = 5;
    /** How often a probe that was answered over a stream only is news again, while that goes on. */
    private static final long NEWS_AGAIN_NANOS = 3_600_000_000_000L;
    /** Doubts at a time, which bounds the pings. Where so many members cannot be reached, the others are no news. */
    private static final int MAX_DOUBTS = 64;

    private final Context context;
    private final Pinger pinger;
    private final StreamClient streams;
    private final ArrivalWatch arrivals;
    private final Map<String, Doubt> doubts = new LinkedHashMap<>();
    private volatile List<PartlyReachable> partlyReachable = List.of();
    private boolean stopped;

    ReachabilityCheck(Context context, Pinger pinger, StreamClient streams) {
        this.context = context;
        this.pinger = pinger;
        this.streams = streams;
        this.arrivals = new ArrivalWatch(context);
    }

    /** {@return why no packet arrives here, and what to do, where that is so} May be asked from anywhere. */
    Optional<String> arrivalProblem() {
        return arrivals.problem();
    }

    /** {@return the members that can be reached in one way only} May be asked from anywhere. */
    List<PartlyReachable> partlyReachable() {
        return partlyReachable;
    }

    /** Ends all checks. */
    void stop() {
        stopped = true;
        doubts.values().forEach(doubt -> doubt.timer.cancel());
        doubts.clear();
        publish();
    }

    /** A stream to an address, of a member or not, could not be opened or broke. */
    void streamFailed(Recipient to) {
        String name = to.name();
        if (name != null) {
            MemberRecord member = context.table().get(name);
            if (member != null && member.address().equals(to.address())) {
                doubt(member);
            }
        }
    }

    /** A member has answered a probe in a packet. */
    void answered() {
        arrivals.answered();
    }

    /**
     * A member has answered a probe over a stream and not in a packet.
     *
     * @return whether that is news: it was not so until now, or has been so for long
     */
    boolean packetsUnanswered(MemberRecord member) {
        arrivals.answeredByStreamOnly();
        doubt(member);
        Doubt doubt = doubts.get(member.name());
        return doubt == null || doubt.isNews();
    }

    private void doubt(MemberRecord member) {
        boolean canBeChecked = member.state().isLive()
                && !member.name().equals(context.self())
                && Prober.mayPingByStream(context.config().probe(), member);
        if (!stopped && canBeChecked && doubts.size() < MAX_DOUBTS && !doubts.containsKey(member.name())) {
            Doubt doubt = new Doubt(member);
            doubts.put(member.name(), doubt);
            doubt.checkLater();
        }
    }

    private long pauseNanos() {
        return PROBE_INTERVALS_BETWEEN * context.config().probe().interval().toNanos();
    }

    private void publish() {
        partlyReachable = doubts.values().stream()
                .filter(doubt -> doubt.reachability != Reachability.FULL)
                .map(doubt -> new PartlyReachable(doubt.member.view(), doubt.reachability, doubt.since))
                .toList();
    }

    /** What is known of one member that may be reachable in one way only. */
    private final class Doubt {
        private final MemberRecord member;
        private EventLoop.Timer timer = () -> {};
        private Reachability reachability = Reachability.FULL;
        private Instant since = context.loop().wallClock();
        /** The result of the last checks, or null if neither way worked. */
        private @Nullable Reachability found;

        private long newsNanos = context.loop().nanoTime();
        private int times;
        private boolean packetsWork;
        private boolean streamsWork;
        private int unanswered;

        Doubt(MemberRecord member) {
            this.member = member;
        }

        /** {@return whether it is time to log that packets are unanswered} If so, it is no news for long. */
        boolean isNews() {
            long now = context.loop().nanoTime();
            boolean news = now - newsNanos >= 0;
            if (news) {
                newsNanos = now + NEWS_AGAIN_NANOS;
            }
            return news;
        }

        void checkLater() {
            timer = context.loop().schedule(pauseNanos(), this::check);
        }

        private void check() {
            if (!isThere()) {
                end();
                return;
            }
            packetsWork = false;
            streamsWork = false;
            unanswered = 2;
            pingByPacket(PINGS);
            long timeoutNanos = Math.min(pauseNanos(), context.streamTimeoutNanos());
            streams.ping(member.recipient(), timeoutNanos, (nothing, failure) -> {
                streamsWork = failure == null;
                answered();
            });
        }

        private void pingByPacket(int attempts) {
            pinger.ping(member.recipient()).whenComplete((roundTrip, failure) -> {
                if (failure != null && attempts > 1 && !stopped) {
                    pingByPacket(attempts - 1);
                } else {
                    packetsWork = failure == null;
                    answered();
                }
            });
        }

        private boolean isThere() {
            return context.table().get(member.name()) == member
                    && member.state().isLive();
        }

        private void answered() {
            unanswered--;
            if (unanswered > 0 || stopped) {
                return;
            }
            if (!isThere()) {
                end();
                return;
            }
            Reachability now = result();
            times = now == found ? times + 1 : 1;
            found = now;
            if (now == Reachability.FULL && times == GOOD_CHECKS) {
                enter(now);
                end();
                return;
            }
            if (now != null && now != Reachability.FULL && times >= CONFIRMATIONS) {
                enter(now);
            }
            checkLater();
        }

        private @Nullable Reachability result() {
            if (packetsWork) {
                return streamsWork ? Reachability.FULL : Reachability.PACKETS_ONLY;
            }
            return streamsWork ? Reachability.STREAMS_ONLY : null;
        }

        private void enter(Reachability next) {
            if (reachability == next) {
                return;
            }
            reachability = next;
            since = context.loop().wallClock();
            publish();
            LogEvent event =
                    switch (next) {
                        case FULL -> LogEvent.REACHABLE_AGAIN;
                        case PACKETS_ONLY -> LogEvent.PACKETS_ONLY;
                        case STREAMS_ONLY -> LogEvent.STREAMS_ONLY;
                    };
            context.log().log(event, member.name());
            EventDelegate delegate = context.config().delegates().event();
            if (delegate != null) {
                context.callbacks().event(delegate, new ReachabilityChanged(member.view(), next));
            }
        }

        private void end() {
            doubts.remove(member.name());
            publish();
        }
    }
}
