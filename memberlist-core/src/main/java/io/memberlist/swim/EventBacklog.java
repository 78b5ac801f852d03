package io.memberlist.swim;

import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberEvent.Degraded;
import io.memberlist.member.MemberEvent.Failed;
import io.memberlist.member.MemberEvent.Joined;
import io.memberlist.member.MemberEvent.Left;
import io.memberlist.member.MemberEvent.ReachabilityChanged;
import io.memberlist.member.MemberEvent.Recovered;
import io.memberlist.member.MemberEvent.Stabilized;
import io.memberlist.member.MemberEvent.Suspected;
import io.memberlist.member.MemberEvent.Updated;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Membership events for an application that does not keep up. Events that cancel each other out before the application is
 * notified are left out, so that no member has more than a few events here however long the application takes. The
 * events of each member are still in an order that could have happened, and end with its present state. Not safe for
 * several threads at once.
 */
final class EventBacklog {
    private final Map<String, Deque<MemberEvent>> byMember = new LinkedHashMap<>();

    /** {@return how many events, of this one and those before it, are left out} */
    int add(MemberEvent event) {
        String name = event.member().name();
        Deque<MemberEvent> events = byMember.computeIfAbsent(name, n -> new ArrayDeque<>());
        int before = events.size();
        append(events, event);
        int leftOut = before + 1 - events.size();
        if (events.isEmpty()) {
            byMember.remove(name);
        }
        return leftOut;
    }

    private static void append(Deque<MemberEvent> events, MemberEvent next) {
        MemberEvent last = events.peekLast();
        if (isEnd(next)) {
            appendEnd(events, next);
        } else if (last instanceof Suspected && next instanceof Recovered
                || last instanceof Recovered && next instanceof Suspected) {
            events.removeLast();
        } else if (last instanceof Stabilized && next instanceof Degraded) {
            events.removeLast();
        } else if (last instanceof Degraded && next instanceof Stabilized) {
            // It may have been told as suspected before.
            events.removeLast();
            events.add(next);
        } else if (last instanceof Joined && next instanceof Updated) {
            events.removeLast();
            events.add(new Joined(next.member()));
        } else if (last instanceof Updated && next instanceof Updated
                || last instanceof ReachabilityChanged && next instanceof ReachabilityChanged) {
            events.removeLast();
            events.add(next);
        } else {
            events.add(next);
        }
    }

    /** What happened to a member before its end is left out, and so is a member that joined and ended. */
    private static void appendEnd(Deque<MemberEvent> events, MemberEvent end) {
        boolean joinedHere = false;
        while (!events.isEmpty() && !joinedHere && !isEnd(events.getLast())) {
            joinedHere = events.removeLast() instanceof Joined;
        }
        while (joinedHere && events.peekLast() instanceof Degraded) {
            events.removeLast();
        }
        if (!events.isEmpty()) {
            // It had ended before that already; how it ended last is what counts.
            events.removeLast();
            events.add(end);
        } else if (!joinedHere) {
            events.add(end);
        }
    }

    private static boolean isEnd(MemberEvent event) {
        return event instanceof Failed || event instanceof Left;
    }

    /** {@return everything, each member's events in order} Nothing is left here. */
    List<MemberEvent> takeAll() {
        List<MemberEvent> all = new ArrayList<>();
        byMember.values().forEach(all::addAll);
        byMember.clear();
        return all;
    }
}
