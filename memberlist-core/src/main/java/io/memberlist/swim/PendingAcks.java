package io.memberlist.swim;

import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.Ack;
import java.util.HashMap;
import java.util.Map;

/**
 * Pings that wait for their ack, by sequence number. Each is forgotten once acked, given up, or timed out.
 *
 * <p>The numbers are random. The Go library counts, and takes an ack from anybody, so that whoever was pinged once can answer
 * for others: a few packets a second keep a member alive for all that died long ago. The source of an ack says nothing, since
 * a process may answer from another of its addresses.
 */
final class PendingAcks {
    private static final long SEQUENCE_MASK = 0xffff_ffffL;

    private final EventLoop loop;
    private final Map<Long, Pending> pending = new HashMap<>();

    PendingAcks(EventLoop loop) {
        this.loop = loop;
    }

    /** {@return a sequence number that no waiting ping has, and nobody can guess} */
    long nextSequence() {
        long sequence;
        do {
            sequence = loop.secureRandom().nextInt() & SEQUENCE_MASK;
        } while (pending.containsKey(sequence));
        return sequence;
    }

    /**
     * Waits for the answers to a ping.
     *
     * @param timeoutNanos how long to wait for the ack
     */
    void await(long sequence, long timeoutNanos, AckListener listener) {
        Pending waiting = new Pending(listener);
        pending.put(sequence, waiting);
        // The ack may be in the socket, where this process stood still: the loop reads it before a timer that a timer
        // sets.
        waiting.timer = loop.schedule(
                timeoutNanos,
                () -> waiting.timer = loop.schedule(0, () -> {
                    pending.remove(sequence);
                    listener.timedOut();
                }));
    }

    /** Stops waiting, without notifying the listener. */
    void forget(long sequence) {
        Pending waiting = pending.remove(sequence);
        if (waiting != null) {
            waiting.timer.cancel();
        }
    }

    void acked(Ack ack, long receivedNanos) {
        Pending waiting = pending.remove(ack.sequence());
        if (waiting != null) {
            waiting.timer.cancel();
            waiting.listener.acked(ack.payload(), receivedNanos);
        }
    }

    void nacked(long sequence) {
        Pending waiting = pending.get(sequence);
        if (waiting != null) {
            waiting.listener.nacked();
        }
    }

    /** Stops waiting for all of them. */
    void clear() {
        pending.values().forEach(waiting -> waiting.timer.cancel());
        pending.clear();
    }

    int size() {
        return pending.size();
    }

    private static final class Pending {
        private final AckListener listener;
        private EventLoop.Timer timer = () -> {};

        Pending(AckListener listener) {
            this.listener = listener;
        }
    }

    /** Hears what came of a ping: any number of nacks, and then either the ack or the time-out. */
    interface AckListener {
        void acked(byte[] payload, long receivedNanos);

        void timedOut();

        default void nacked() {}
    }
}
