package io.memberlist.messaging;

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
final class Peers {
    private static final int MAX_UNANSWERED = 3;
    /** Who is left alone is tried after a push/pull all the same, so often in the time that it is left alone. */
    private static final int TRIES = 10;

    private static final int ANSWERS = -1;
    /** Of so many members of a part one will be found that passes on, if they are not few. */
    private static final int STRANGERS = 4;

    private static final int MAX_REMEMBERED = 65536;

    private final EventLoop loop;
    private final long restNanos;
    private final Set<String> answering = new HashSet<>();
    private final Map<String, Asked> unanswered = new HashMap<>();
    private final Set<String> takingBundles = new HashSet<>();

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

    /** A member of the cluster has said that it takes bundles. */
    void heardToTakeBundles(String name) {
        if (takingBundles.size() >= MAX_REMEMBERED) {
            takingBundles.clear();
        }
        takingBundles.add(name);
    }

    /** {@return whether it is known to take bundles} */
    boolean takesBundles(Member member) {
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

    /**
     * {@return parts of which one member at least is known to pass on what it gets} Where none is, each member is a part of its
     * own.
     */
    List<Tree.Part> reliable(List<Tree.Part> parts) {
        List<Tree.Part> reliable = new ArrayList<>();
        for (Tree.Part part : parts) {
            if (hasReliable(part)) {
                reliable.add(part);
            } else {
                part.members().forEach(member -> reliable.add(new Tree.Part(part.range(), List.of(member))));
            }
        }
        return reliable;
    }

    /** {@return some that were never asked, of each part in which nobody is known to pass on} */
    List<Member> strangers(List<Tree.Part> parts) {
        List<Member> strangers = new ArrayList<>();
        for (Tree.Part part : parts) {
            if (part.members().size() > 1 && !hasReliable(part)) {
                mostReliableFirst(part.members(), member -> false).stream()
                        .filter(member -> timesAskedInVain(member) == 0)
                        .limit(STRANGERS)
                        .forEach(strangers::add);
            }
        }
        return strangers;
    }

    private boolean hasReliable(Tree.Part part) {
        return part.members().stream().anyMatch(member -> timesAskedInVain(member) == ANSWERS);
    }

    /**
     * {@return the members at random, but first those that are known to pass on, and last those that seem not to or are
     * suspected}
     *
     * @param preferred of members that are as good as each other
     */
    List<Member> mostReliableFirst(List<Member> members, Predicate<Member> preferred) {
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
