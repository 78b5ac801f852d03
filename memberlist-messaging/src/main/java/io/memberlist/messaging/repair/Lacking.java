package io.memberlist.messaging.repair;

import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which of this member's own broadcasts others lack: those that they fetch, and those that they ask to keep until they have
 * room. Nothing from the earliest one on leaves the store for newer ones; the newer ones wait.
 */
public final class Lacking {
    /** How often a member asks to keep what it lacks. */
    static final long ASK_INTERVAL_NANOS = 500_000_000;

    private static final long VALID_NANOS = 4 * ASK_INTERVAL_NANOS;
    /** A member that lacks the same for so long does not get on, and must not stop this one. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    /** Of one member; whoever asks more often is believed to lack what it asked for first. */
    private static final int MAX_ASKED = 64;

    private final EventLoop loop;
    private final Map<String, Peer> peers = new HashMap<>();

    Lacking(EventLoop loop) {
        this.loop = loop;
    }

    private record Asked(long first, long nanos) {}

    /** What one member asked for lately. */
    private static final class Peer {
        /** The oldest, and of the later ones those that nobody behind them is less than: so the first is the least. */
        private final Deque<Asked> asked = new ArrayDeque<>();

        private long least;
        private long leastSinceNanos;

        void ask(long first, long now) {
            while (!asked.isEmpty() && asked.getLast().first() >= first) {
                asked.removeLast();
            }
            if (asked.size() == MAX_ASKED) {
                asked.removeLast();
            }
            asked.addLast(new Asked(first, now));
        }

        boolean lacksNothing(long now) {
            while (!asked.isEmpty() && now - asked.getFirst().nanos() > VALID_NANOS) {
                asked.removeFirst();
            }
            return asked.isEmpty();
        }

        long first(long now) {
            long first = asked.getFirst().first();
            if (first > least) {
                least = first;
                leastSinceNanos = now;
            }
            return now - leastSinceNanos > PATIENCE_NANOS ? Long.MAX_VALUE : first;
        }
    }

    /** Notes that a member of the cluster lacks a number, and perhaps later ones. */
    void note(String member, long first) {
        peers.computeIfAbsent(member, name -> new Peer()).ask(first, loop.nanoTime());
    }

    /** {@return the first number that somebody lacks; the largest of all where nobody lacks any} */
    public long first() {
        long first = Long.MAX_VALUE;
        if (!peers.isEmpty()) {
            long now = loop.nanoTime();
            peers.values().removeIf(peer -> peer.lacksNothing(now));
            for (Peer peer : peers.values()) {
                first = Math.min(first, peer.first(now));
            }
        }
        return first;
    }
}
