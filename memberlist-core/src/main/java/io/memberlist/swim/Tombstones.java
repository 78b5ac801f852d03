package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.PushPullNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was last known of members that were removed. The Go library keeps nothing, so a push/pull with a member that
 * does not know of the end brings the dead back for hours. Here an alive message about a removed member counts only if its
 * incarnation is higher than the one at its end; a member that lives is notified of its end, and refutes.
 *
 * <p>Bounded in number (the oldest go first) and in age.
 */
final class Tombstones {
    static final int MAX = 10_000;
    private static final int ALIVE = MemberState.ALIVE.ordinal();
    private static final int DEAD = MemberState.DEAD.ordinal();

    private final EventLoop loop;
    private final long keepNanos;
    private final Map<String, Tombstone> byName = new LinkedHashMap<>();

    /** @param keepNanos how long a member is remembered after it was forgotten; zero for not at all */
    Tombstones(EventLoop loop, long keepNanos) {
        this.loop = loop;
        this.keepNanos = keepNanos;
    }

    /** Remembers a member that is being forgotten: one that is dead or has left. */
    void add(MemberRecord record) {
        if (keepNanos == 0) {
            return;
        }
        byName.remove(record.name());
        byName.put(record.name(), new Tombstone(record.toPushPullNode(), loop.nanoTime()));
        // In the order they were added: the first is the oldest.
        Iterator<Tombstone> oldest = byName.values().iterator();
        while (oldest.hasNext()) {
            Tombstone first = oldest.next();
            if (byName.size() <= MAX && !isOld(first)) {
                break;
            }
            oldest.remove();
        }
    }

    /** {@return what was last known of a member, or null if there is no tombstone} */
    @Nullable
    PushPullNode get(String name) {
        Tombstone found = byName.get(name);
        if (found == null) {
            return null;
        }
        if (isOld(found)) {
            byName.remove(name);
            return null;
        }
        return found.last;
    }

    /** Forgets a member for good: it is back. */
    void remove(String name) {
        byName.remove(name);
    }

    int size() {
        return byName.size();
    }

    /** {@return the members remembered as failed, not those that left} */
    List<PushPullNode> failed() {
        return byName.values().stream()
                .filter(tombstone -> tombstone.last.state() == DEAD && !isOld(tombstone))
                .map(Tombstone::last)
                .toList();
    }

    /** {@return what contradicts another member's state: those it thinks alive at an incarnation that ended here} */
    List<PushPullNode> contradicting(List<PushPullNode> remote) {
        List<PushPullNode> contradictions = new ArrayList<>();
        for (PushPullNode node : remote) {
            PushPullNode last = node.state() == ALIVE ? get(node.name()) : null;
            if (last != null && node.incarnation() <= last.incarnation()) {
                contradictions.add(last);
            }
        }
        return contradictions;
    }

    private boolean isOld(Tombstone tombstone) {
        return loop.nanoTime() - tombstone.sinceNanos > keepNanos;
    }

    private record Tombstone(PushPullNode last, long sinceNanos) {}
}
