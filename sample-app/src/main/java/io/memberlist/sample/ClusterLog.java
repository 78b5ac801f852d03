package io.memberlist.sample;

import io.memberlist.logging.LogText;
import io.memberlist.member.Member;
import io.memberlist.spring.event.MemberFailedEvent;
import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MemberLeftEvent;
import io.memberlist.spring.event.MemberRecoveredEvent;
import io.memberlist.spring.event.MemberSuspectedEvent;
import io.memberlist.spring.event.MemberUpdatedEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Listens to the events of the cluster, with methods that any bean may have, and keeps the latest ones. */
@Component
public class ClusterLog {
    private static final Logger log = LoggerFactory.getLogger(ClusterLog.class);
    private static final int KEPT = 200;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    private long lastNumber;

    /**
     * An entry of the log.
     *
     * @param number the number of the entry, from 1
     * @param at when this member was notified
     * @param kind joined, suspected, recovered, failed, left, updated, message, or action for what a user of the page
     *     did
     * @param member the member it is about, empty if there is none
     * @param text the description
     */
    public record Entry(long number, Instant at, String kind, String member, String text) {}

    @EventListener
    void joined(MemberJoinedEvent event) {
        Member member = event.member();
        String host = member.address().getAddress().getHostAddress();
        String what = gone.remove(member.name()) ? "came back at " : "joined at ";
        add("joined", member.name(), what + host + ", port " + member.address().getPort());
    }

    @EventListener
    void suspected(MemberSuspectedEvent event) {
        add("suspected", event.member().name(), "does not answer and is suspected");
    }

    @EventListener
    void recovered(MemberRecoveredEvent event) {
        add("recovered", event.member().name(), "answered after all and is alive");
    }

    @EventListener
    void failed(MemberFailedEvent event) {
        gone.add(event.member().name());
        add("failed", event.member().name(), "failed: it is considered dead");
    }

    @EventListener
    void left(MemberLeftEvent event) {
        gone.add(event.member().name());
        add("left", event.member().name(), "left the cluster");
    }

    @EventListener
    void updated(MemberUpdatedEvent event) {
        String tags = new TreeMap<>(event.member().tags())
                .entrySet().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(", "));
        add("updated", event.member().name(), tags.isEmpty() ? "has no tags any more" : "changed its tags: " + tags);
    }

    /** Adds an entry and logs it. */
    public synchronized void add(String kind, String member, String text) {
        // Names and texts of others may imitate lines of this log.
        log.info("{} {}", LogText.printable(member), LogText.printable(text));
        entries.add(new Entry(++lastNumber, Instant.now(), kind, member, text));
        if (entries.size() > KEPT) {
            entries.remove();
        }
    }

    /** {@return the latest entries with a greater number, the oldest first} */
    public List<Entry> entriesAfter(long number) {
        return entries().stream().filter(entry -> entry.number() > number).toList();
    }

    /** {@return the latest entries, the oldest first} */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}
