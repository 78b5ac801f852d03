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
 * Which member heard of what, and when: that is how one sees news spread. Only this JVM's members can be asked, and
 * members of other processes that send a receipt. Safe from any thread.
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
     * A piece of news.
     *
     * @param id tells it from others
     * @param kind joined, suspected, recovered, failed, left, updated or message
     * @param about the member it speaks of, or the text of a message
     * @param at when the first member knew
     * @param audience who ought to hear of it
     * @param heard milliseconds after the first, by the member that heard
     */
    public record Item(
            String id, String kind, String about, Instant at, Set<String> audience, Map<String, Long> heard) {}

    /** @param members who takes part from now on and can tell what it heard */
    void audience(Collection<String> members) {
        audience = Set.copyOf(members);
        synchronized (this) {
            arrivals.keySet().retainAll(audience);
        }
    }

    /** A member was told of an event. Its local health is no news to others. */
    void heard(String by, MemberEvent event) {
        if (!(event instanceof MemberEvent.LocalHealthChanged)) {
            heard(by, event.getClass().getSimpleName().toLowerCase(Locale.ROOT), event.member());
        }
    }

    /** A member was told that another one joined, is suspected, recovered, failed, left or was updated. */
    void heard(String by, String kind, Member member) {
        String id = kind + " " + member.name() + " " + member.incarnation();
        boolean oldNews = isNew(by) && kind.equals("joined") && !by.equals(member.name());
        hear(by, id, kind, member.name(), oldNews ? Set.of() : audience);
    }

    /** Who has just come hears of everybody else, which is news to nobody but them. */
    private synchronized boolean isNew(String member) {
        Instant arrival = arrivals.computeIfAbsent(member, name -> Instant.now());
        return Duration.between(arrival, Instant.now()).compareTo(NEW) < 0;
    }

    /** A member of this JVM got a message, which others ought to get as well. */
    void message(String by, String id, String text, Set<String> others) {
        Set<String> whole = new TreeSet<>(audience);
        whole.addAll(others);
        hear(by, id, "message", text, whole);
    }

    /** A member of another process says that it got a message. */
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

    /** {@return the latest news, the newest first} */
    public synchronized List<Item> latest() {
        List<Item> latest = new ArrayList<>(items.values());
        latest = latest.subList(Math.max(0, latest.size() - SHOWN), latest.size());
        Collections.reverse(latest);
        return latest.stream()
                .map(item -> new Item(
                        item.id(), item.kind(), item.about(), item.at(), item.audience(), Map.copyOf(item.heard())))
                .toList();
    }

    /** @param others who ought to hear of it; nobody where it is no news unless somebody else found so */
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
        // who came later is told as well, which says nothing about how the news spread
        if (item.audience().contains(by)) {
            item.heard().putIfAbsent(by, now.toEpochMilli() - item.at().toEpochMilli());
        }
        if (items.size() > REMEMBERED) {
            items.remove(items.keySet().iterator().next());
        }
    }
}
