package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The processes whose names this member has given to others, since they did not answer or had left. Members give a name away
 * one after the other. If the process was only cut off and comes back meanwhile, some know it under the name and some know its
 * successor, and both answer. So that all agree again, whoever gave the name away gives it back:
 *
 * <ul>
 *   <li>for a minute, as soon as the former process is back;
 *   <li>later, if another member still knows the former process, for up to an hour.
 * </ul>
 *
 * The second rule lets those agree that gave the name away at the two sides of the minute. It never reverses what all have
 * done: where nobody knows the former process, nobody gives the name back.
 *
 * <p>A process has its name back only above the incarnation at which it was known to have ended, as any member that returns.
 * One that has left never says that it is alive again, so only a leave that somebody has forged is undone.
 *
 * <p>Bounded in number (the oldest go first) and in age.
 */
final class FormerHolders {
    static final long RETURN_NANOS = 60_000_000_000L;
    static final long KEPT_NANOS = 3_600_000_000_000L;
    static final int MAX_NAMES = 1024;
    private static final int MAX_OF_A_NAME = 4;

    private final EventLoop loop;
    /** The holders of each name, the first one first. */
    private final Map<String, List<Former>> byName = new LinkedHashMap<>();

    FormerHolders(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * The name of a process belongs to another one from now on.
     *
     * @param incarnation the one at which the process ended
     */
    void gaveAway(String name, InetSocketAddress former, long incarnation) {
        add(name, new Former(former, incarnation, loop.nanoTime(), true));
    }

    private void add(String name, Former added) {
        List<Former> holders = byName.remove(name);
        if (holders == null) {
            holders = new ArrayList<>();
        }
        holders.removeIf(holder -> holder.address.equals(added.address));
        holders.add(added);
        if (holders.size() > MAX_OF_A_NAME) {
            holders.remove(0);
        }
        byName.put(name, holders);
        Iterator<List<Former>> oldest = byName.values().iterator();
        while (oldest.hasNext()) {
            List<Former> first = oldest.next();
            if (byName.size() <= MAX_NAMES && ageNanos(first.get(first.size() - 1)) <= KEPT_NANOS) {
                break;
            }
            oldest.remove();
        }
    }

    /**
     * {@return whether a process had a name, and gets it back if it lives}
     *
     * @param vouched whether another member knows the process under the name
     */
    boolean mayReturn(String name, InetSocketAddress address, boolean vouched) {
        long keptNanos = vouched ? KEPT_NANOS : RETURN_NANOS;
        return byName.getOrDefault(name, List.of()).stream()
                .anyMatch(
                        holder -> holder.mayReturn && holder.address.equals(address) && ageNanos(holder) <= keptNanos);
    }

    /** {@return the incarnation at which a process that had a name ended, or -1 if it never had the name} */
    long endedAt(String name, InetSocketAddress address) {
        return byName.getOrDefault(name, List.of()).stream()
                .filter(holder -> holder.address.equals(address))
                .mapToLong(Former::incarnation)
                .max()
                .orElse(-1);
    }

    /**
     * A process has its name back. Whoever had the name later was never the first, and does not get it back; but its end stays known,
     * since what it said before may still be under way.
     *
     * @param later who has had the name until now
     * @param incarnation the one at which that process ended
     */
    void returned(String name, InetSocketAddress address, InetSocketAddress later, long incarnation) {
        List<Former> holders = byName.getOrDefault(name, List.of());
        for (int i = 0; i < holders.size(); i++) {
            if (holders.get(i).address.equals(address)) {
                holders.subList(i, holders.size()).replaceAll(Former::withoutReturn);
                holders.remove(i);
                break;
            }
        }
        add(name, new Former(later, incarnation, loop.nanoTime(), false));
    }

    private long ageNanos(Former holder) {
        return loop.nanoTime() - holder.sinceNanos;
    }

    private record Former(InetSocketAddress address, long incarnation, long sinceNanos, boolean mayReturn) {
        Former withoutReturn() {
            return new Former(address, incarnation, sinceNanos, false);
        }
    }
}
