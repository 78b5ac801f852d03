package io.memberlist.sample.companions;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
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
    private volatile Set<String> audience = Set.of();

    /**
     * An update or a message.
     *
     * @param id identifies it
     * @param kind joined, suspected, recovered, failed, left, updated or message
     * @param about the member it is about, or the text of a message
     * @param at when the first member received it
     * @param audience the members that are expected to receive it
     * @param heard milliseconds after the first, by the name of the receiving member
     */
    public record Item(
            String id, String kind, String about, Instant at, Set<String> audience, Map<String, Long> heard) {}

    /** @param members the members that take part from now on and report what they receive */
    void audience(Collection<String> members) {
        audience = Set.copyOf(members);
        synchronized (this) {
            arrivals.keySet().retainAll(audience);
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
        hear(by, id, kind, member.name(), oldNews ? Set.of() : audience);
    }

    /** A member that has just joined is notified of all others, which is not new to anybody else. */
    private synchronized boolean isNew(String member) {
        Instant arrival = arrivals.computeIfAbsent(member, name -> Instant.now());
        return Duration.between(arrival, Instant.now()).compareTo(NEW) < 0;
    }

    /** Records that a member of this JVM received a message, which others are expected to receive as well. */
    void message(String by, String id, String text, Set<String> others) {
        Set<String> whole = new TreeSet<>(audience);
        whole.addAll(others);
        hear(by, id, "message", text, whole);
    }

    /** Records that a member of another process reports a message. */
    synchronized void heardAlso(String by, String id) {
        Item item = items.get(id);
        if (item != null) {
            hear(by, id, item.kind(), item.about(), item.audience());
        }
    }

    /** {@return whether this JVM runs that member} */
    boolean isHere(String member) {
        return audience.contains(member);
    }

    /** {@return the latest updates and messages, the newest first} */
    public synchronized List<Item> latest() {
        List<Item> latest = new ArrayList<>(items.values());
        latest = latest.subList(Math.max(0, latest.size() - SHOWN), latest.size());
        Collections.reverse(latest);
        return latest.stream()
                .map(item -> new Item(
                        item.id(), item.kind(), item.about(), item.at(), item.audience(), Map.copyOf(item.heard())))
                .toList();
    }

    /**
     * @param others the members that are expected to receive it; nobody where it is no news unless somebody else found
     *     so
     */
    private synchronized void hear(String by, String id, String kind, String about, Set<String> others) {
        if (others.isEmpty() && !items.containsKey(id)) {
            return;
        }
        Instant now = Instant.now();
        Item item = items.computeIfAbsent(id, key -> {
            Set<String> whole = new TreeSet<>(others);
            whole.add(by);
            return new Item(id, kind, about, now, whole, new LinkedHashMap<>());
        });
        // members that joined later are notified as well, which says nothing about dissemination
        if (item.audience().contains(by)) {
            item.heard().putIfAbsent(by, now.toEpochMilli() - item.at().toEpochMilli());
        }
        if (items.size() > REMEMBERED) {
            items.remove(items.keySet().iterator().next());
        }
    }
}
