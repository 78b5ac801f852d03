package io.memberlist.swim;

import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberEvent.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Membership events for an application that does not keep up. What contradicts itself before anybody heard of it is left
 * out, so that no member has more than a few events here however long the application takes, and the application still
 * hears of each member an order of events that could have happened and that ends with what is true. Confined to one thread
 * at a time.
 */
final class EventBacklog {
    private final Map<String, Deque<MemberEvent>> byMember = new LinkedHashMap<>();

    /** {@return how many events, of this one and those before it, nobody needs to hear any more} */
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
        if (last == null) {
            events.add(next);
            return;
        }
        switch (next.type()) {
            case FAILED, LEFT -> appendEnd(events, next);
            case RECOVERED, SUSPECTED -> {
                Type opposite = next.type() == Type.SUSPECTED ? Type.RECOVERED : Type.SUSPECTED;
                if (last.type() == opposite) {
                    events.removeLast();
                } else {
                    events.add(next);
                }
            }
            case UPDATED -> {
                if (last.type() == Type.UPDATED || last.type() == Type.JOINED) {
                    events.removeLast();
                    events.add(new MemberEvent(last.type(), next.member()));
                } else {
                    events.add(next);
                }
            }
            case JOINED -> events.add(next);
        }
    }

    /** Nobody needs to hear what happened to a member before its end, nor of one that came and went. */
    private static void appendEnd(Deque<MemberEvent> events, MemberEvent end) {
        boolean cameFirst = false;
        while (!events.isEmpty() && !cameFirst && !isEnd(events.getLast())) {
            cameFirst = events.removeLast().type() == Type.JOINED;
        }
        if (!events.isEmpty()) {
            // It had ended before that already; how it ended last is what counts.
            events.removeLast();
            events.add(end);
        } else if (!cameFirst) {
            events.add(end);
        }
    }

    private static boolean isEnd(MemberEvent event) {
        return event.type() == Type.FAILED || event.type() == Type.LEFT;
    }

    /** {@return everything, each member's events in order} Nothing is left here. */
    List<MemberEvent> takeAll() {
        List<MemberEvent> all = new ArrayList<>();
        byMember.values().forEach(all::addAll);
        byMember.clear();
        return all;
    }

    boolean isEmpty() {
        return byMember.isEmpty();
    }
}
