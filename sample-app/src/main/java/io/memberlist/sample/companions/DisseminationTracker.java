package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Records which member received which update, and when, which shows how updates spread. It covers the members of this
 * JVM, and members of other processes that send a receipt. Safe for use by multiple threads.
 */
@Component
public final class DisseminationTracker {
    private static final int SHOWN = 12;
    private static final int REMEMBERED = 500;
    private static final Duration NEW = Duration.ofSeconds(10);

    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Map<String, Instant> arrivals = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private volatile Map<String, Memberlist> members = Map.of();

    /**
     * An update or a message.
     *
     * @param id identifies it
     * @param kind joined, returned, suspected, recovered, failed, left, updated or message
     * @param about the member it is about, or the text of a message
     * @param incarnation the incarnation of the member it is about, 0 for a message
     * @param at when the first member received it
     * @param audience the members that are expected to receive it, without those that ended before
     * @param heard milliseconds after the first, by the name of the receiving member
     */
    public record Item(
            String id,
            String kind,
            String about,
            long incarnation,
            Instant at,
            Set<String> audience,
            Map<String, Long> heard) {}

    /** @param members the members that take part from now on and report what they receive, the application's own first */
    void audience(Map<String, Memberlist> members) {
        this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        synchronized (this) {
            arrivals.keySet().retainAll(members.keySet());
        }
    }

    /** Records that a member was notified of an event. Its local health, and whom it reaches, are not relevant to others. */
    void heard(String by, MemberEvent event) {
        if (!(event instanceof MemberEvent.LocalHealthChanged
                || event instanceof MemberEvent.LocalDeclaredDead
                || event instanceof MemberEvent.ReachabilityChanged)) {
            heard(by, event.getClass().getSimpleName().toLowerCase(Locale.ROOT), event.member());
        }
    }

    /**
     * Records that a member was notified that another one joined, is suspected, recovered, failed, left or was updated.
     */
    void heard(String by, String kind, Member member) {
        String id = kind + " " + member.name() + " " + member.incarnation();
        boolean oldNews = isNew(by) && kind.equals("joined") && !by.equals(member.name());
        hear(by, id, kind, member.name(), member.incarnation(), oldNews ? Set.of() : members.keySet());
    }

    /** A member that has just joined is notified of all others, which is not new to anybody else. */
    private synchronized boolean isNew(String member) {
        Instant arrival = arrivals.computeIfAbsent(member, name -> Instant.now());
        return Duration.between(arrival, Instant.now()).compareTo(NEW) < 0;
    }

    /** Records that a member of this JVM received a message, which others are expected to receive as well. */
    void message(String by, String id, String text, Set<String> others) {
        Set<String> whole = new TreeSet<>(members.keySet());
        whole.addAll(others);
        hear(by, id, "message", text, 0, whole);
    }

    /** Records that a member of another process reports a message. */
    synchronized void heardAlso(String by, String id) {
        Item item = items.get(id);
        if (item != null) {
            hear(by, id, item.kind(), item.about(), item.incarnation(), item.audience());
        }
    }

    /** {@return whether this JVM runs that member} */
    boolean isHere(String member) {
        return members.containsKey(member);
    }

    /** {@return the latest updates and messages, the newest first} */
    public synchronized List<Item> latest() {
        List<Item> latest = shown();
        Collections.reverse(latest);
        latest.forEach(this::catchUp);
        return latest.stream().map(this::withoutEnded).toList();
    }

    private List<Item> shown() {
        List<Item> all = new ArrayList<>(items.values());
        return all.subList(Math.max(0, all.size() - SHOWN), all.size());
    }

    /**
     * A member that was paused or cut off may never be notified of an update: on its return it learns something newer.
     * What it knows now tells whether it caught up.
     */
    private void catchUp(Item item) {
        for (String name : item.audience()) {
            Memberlist waiting = item.heard().containsKey(name) ? null : members.get(name);
            if (waiting != null && knows(waiting, item)) {
                item.heard()
                        .put(name, Duration.between(item.at(), Instant.now()).toMillis());
            }
        }
    }

    private Item withoutEnded(Item item) {
        Set<String> expected = new TreeSet<>(item.audience());
        expected.removeIf(
                name -> !item.heard().containsKey(name) && !members.containsKey(name) && !isLiveElsewhere(name));
        return new Item(
                item.id(),
                item.kind(),
                item.about(),
                item.incarnation(),
                item.at(),
                expected,
                Map.copyOf(item.heard()));
    }

    private static boolean knows(Memberlist member, Item item) {
        if (item.kind().equals("message")) {
            return false;
        }
        return member.member(item.about())
                .filter(about -> about.incarnation() > item.incarnation()
                        || about.incarnation() == item.incarnation()
                                && precedence(about.state()) >= precedence(item.kind()))
                .isPresent();
    }

    /** {@return which of two updates of the same incarnation wins: the higher} SWIM's order: alive, suspect, dead. */
    private static int precedence(MemberState state) {
        return switch (state) {
            case ALIVE -> 0;
            case SUSPECT -> 1;
            case DEAD, LEFT -> 2;
        };
    }

    private static int precedence(String kind) {
        return switch (kind) {
            case "suspected" -> 1;
            case "failed", "left" -> 2;
            default -> 0;
        };
    }

    private boolean isLiveElsewhere(String name) {
        return members.values().stream()
                .findFirst()
                .flatMap(main -> main.member(name))
                .filter(member -> member.state().isLive())
                .isPresent();
    }

    /**
     * @param others the members that are expected to receive it; nobody where it is no news unless somebody else found
     *     so
     */
    private synchronized void hear(
            String by, String id, String kind, String about, long incarnation, Set<String> others) {
        if (others.isEmpty() && !items.containsKey(id)) {
            return;
        }
        shown().forEach(this::catchUp); // what changes for one often changes for others too
        Instant now = Instant.now();
        Item item = items.computeIfAbsent(id, key -> {
            Set<String> whole = new TreeSet<>(others);
            whole.add(by);
            Map<String, Long> heard = new LinkedHashMap<>();
            if (precedence(kind) == 0 && whole.contains(about)) {
                heard.put(about, 0L); // it said so itself
            }
            return new Item(id, kindOfFirst(kind, about), about, incarnation, now, whole, heard);
        });
        // members that joined later are notified as well, which says nothing about dissemination
        if (item.audience().contains(by)) {
            item.heard().putIfAbsent(by, now.toEpochMilli() - item.at().toEpochMilli());
        }
        if (items.size() > REMEMBERED) {
            items.remove(items.keySet().iterator().next());
        }
    }

    /** A member that joins after it had failed or left returns. */
    private String kindOfFirst(String kind, String about) {
        if (kind.equals("failed") || kind.equals("left")) {
            gone.add(about);
        }
        return kind.equals("joined") && gone.remove(about) ? "returned" : kind;
    }
}
