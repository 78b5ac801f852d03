package io.memberlist.messaging;

import io.memberlist.Member;
import io.memberlist.transport.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who exchanges digests. A member that answered once is asked for good, however long it could not be reached. One that
 * never did, such as one of the Go library, is asked a few times and then left alone for as long as messages live, unless it
 * has a new incarnation: who was cut off could not answer, and had to say that it lives. It is tried now and then after a
 * push/pull.
 */
final class Peers {
    private static final int MAX_UNANSWERED = 3;
    /** Who is left alone is tried after a push/pull all the same, so often in the time that it is left alone. */
    private static final int TRIES = 10;

    private static final int MAX_REMEMBERED = 65536;

    private final EventLoop loop;
    private final long restNanos;
    private final Set<String> answering = new HashSet<>();
    private final Map<String, Asked> unanswered = new HashMap<>();

    /** @param restNanos how long those are left alone who do not answer */
    Peers(EventLoop loop, long restNanos) {
        this.loop = loop;
        this.restNanos = restNanos;
    }

    private record Asked(int times, long incarnation, long sinceNanos, long lastNanos) {}

    /** A member of the cluster has sent a digest or a fetch. */
    void heard(String name) {
        if (answering.size() >= MAX_REMEMBERED) {
            answering.clear();
        }
        answering.add(name);
        unanswered.remove(name);
    }

    void asked(Member member) {
        if (answering.contains(member.name())) {
            return;
        }
        if (unanswered.size() >= MAX_REMEMBERED) {
            unanswered.clear();
        }
        Asked before = unanswered.get(member.name());
        long now = loop.nanoTime();
        int times = before == null || isOver(before, member) ? 0 : before.times();
        long since = before != null && times >= MAX_UNANSWERED ? before.sinceNanos() : now;
        unanswered.put(member.name(), new Asked(times + 1, member.incarnation(), since, now));
    }

    /** {@return whether it may be asked for what it has} */
    boolean mayBeAsked(Member member) {
        Asked asked = unanswered.get(member.name());
        return asked == null || asked.times() < MAX_UNANSWERED || isOver(asked, member);
    }

    /**
     * {@return whether it may be asked since a push/pull has just been done with it} It can be reached then. That packets to
     * it were lost for a while is no reason not to tell it what it missed.
     */
    boolean mayBeTried(Member member) {
        Asked asked = unanswered.get(member.name());
        return mayBeAsked(member) || asked != null && loop.nanoTime() - asked.lastNanos() > restNanos / TRIES;
    }

    private boolean isOver(Asked asked, Member member) {
        return asked.incarnation() != member.incarnation() || loop.nanoTime() - asked.sinceNanos() > restNanos;
    }
}
