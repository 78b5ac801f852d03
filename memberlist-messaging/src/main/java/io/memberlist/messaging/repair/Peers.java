package io.memberlist.messaging.repair;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who exchanges digests, and so passes on what it is given. A member that answered once is asked for good, however long it
 * could not be reached. One that never did, such as one of the Go library, is asked a few times and then left alone for as
 * long as messages live, unless it has a new incarnation: who was cut off could not answer, and had to say that it lives. It
 * is tried now and then after a push/pull.
 */
public final class Peers {
    private static final int MAX_UNANSWERED = 3;
    /** Who is left alone is tried after a push/pull all the same, so often in the time that it is left alone. */
    private static final int TRIES = 10;

    private static final int ANSWERS = -1;
    private static final int MAX_REMEMBERED = 65536;

    private final EventLoop loop;
    private final long restNanos;
    private final Set<String> answering = new HashSet<>();
    private final Map<String, Asked> unanswered = new HashMap<>();
    private final Set<String> takingBundles = new HashSet<>();

    /** @param restNanos how long those are left alone who do not answer */
    public Peers(EventLoop loop, long restNanos) {
        this.loop = loop;
        this.restNanos = restNanos;
    }

    private record Asked(int times, long incarnation, long sinceNanos, long lastNanos) {}

    /** A member of the cluster has sent a digest or a fetch. */
    public void heard(String name) {
        if (answering.size() >= MAX_REMEMBERED) {
            answering.clear();
        }
        answering.add(name);
        unanswered.remove(name);
    }

    /** A member of the cluster has said that it takes bundles. */
    public void heardToTakeBundles(String name) {
        if (takingBundles.size() >= MAX_REMEMBERED) {
            takingBundles.clear();
        }
        takingBundles.add(name);
    }

    /** {@return whether it is known to take bundles} */
    public boolean takesBundles(Member member) {
        return takingBundles.contains(member.name());
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

    /** {@return whether it is known to pass on what it gets} */
    public boolean isReliable(Member member) {
        return timesAskedInVain(member) == ANSWERS;
    }

    /** {@return whether nothing is known of it} */
    public boolean isStranger(Member member) {
        return timesAskedInVain(member) == 0;
    }

    /**
     * {@return the members at random, but first those that are known to pass on, and last those that seem not to or are
     * suspected}
     *
     * @param preferred of members that are as good as each other
     */
    public List<Member> mostReliableFirst(List<Member> members, Predicate<Member> preferred) {
        List<Member> sorted = new ArrayList<>(members);
        for (int i = sorted.size() - 1; i > 0; i--) {
            Collections.swap(sorted, i, loop.random().nextInt(i + 1));
        }
        sorted.sort(Comparator.<Member, Boolean>comparing(member -> member.state() == MemberState.SUSPECT)
                .thenComparingInt(this::timesAskedInVain)
                .thenComparing(member -> !preferred.test(member)));
        return sorted;
    }

    private int timesAskedInVain(Member member) {
        Asked asked = unanswered.get(member.name());
        return answering.contains(member.name()) ? ANSWERS : asked == null || isOver(asked, member) ? 0 : asked.times();
    }

    private boolean isOver(Asked asked, Member member) {
        return asked.incarnation() != member.incarnation() || loop.nanoTime() - asked.sinceNanos() > restNanos;
    }
}
