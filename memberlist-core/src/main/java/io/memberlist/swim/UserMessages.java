package io.memberlist.swim;

import io.memberlist.extension.Extension;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The way of a user message: to the extension that claims it, and to the application where none does.
 *
 * <p>Those that come in packets and that an extension claims wait until the sockets have been read, and go on a few at a
 * time, so that a storm of them does not keep pings and acks waiting that came behind them. Beyond a bound they are dropped.
 * Those of the application, which wait in a queue of their own, cost next to nothing here, and must not push the others out.
 * In the Go library user messages wait for a goroutine of their own.
 */
final class UserMessages {
    /** So many in a turn, or so many as take so long: cheap or dear, they must not hold the loop up. */
    private static final int TURN = 256;

    private static final long TURN_NANOS = 300_000;
    /** Several reads of the sockets: a packet may hold 255, and it is bursts that have to find room here. */
    private static final int MAX_WAITING = 16384;
    /** A packet may unpack to a quarter of a megabyte, so that their number alone bounds nothing. */
    private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;

    private final Extensions extensions;
    private final EventLoop loop;
    private final MemberLog log;
    private final Consumer<byte[]> application;
    private final Queue<Claimed> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean scheduled;

    /** @param application is given what no extension claims */
    UserMessages(Extensions extensions, EventLoop loop, MemberLog log, Consumer<byte[]> application) {
        this.extensions = extensions;
        this.loop = loop;
        this.log = log;
        this.application = application;
    }

    private record Claimed(Extension by, byte[] payload) {}

    /** {@return whether so many wait that what seems to be missing may well be among them} */
    boolean behind() {
        return waiting.size() > TURN;
    }

    void packet(byte[] payload) {
        if (extensions.areOver()) {
            return;
        }
        Extension claimant = extensions.claimant(payload);
        if (claimant == null) {
            application.accept(payload);
            return;
        }
        if (waiting.size() >= MAX_WAITING || waitingBytes > MAX_WAITING_BYTES) {
            log.droppedSelf(DropReason.QUEUE_FULL, LogEvent.USER_MESSAGES_BEHIND, waiting.size());
            return;
        }
        waiting.add(new Claimed(claimant, payload));
        waitingBytes += payload.length;
        handleSoon();
    }

    void stream(byte[] payload) {
        if (extensions.areOver()) {
            // It was being decoded off the loop when the member was shut down, and may have been restarted since.
            return;
        }
        Extension claimant = extensions.claimant(payload);
        if (claimant == null) {
            application.accept(payload);
        } else {
            extensions.guarded(() -> claimant.streamReceived(payload));
        }
    }

    /** Drops what waits. */
    void stop() {
        waiting.clear();
        waitingBytes = 0;
    }

    /** A timer, for these wait for the next look at the sockets; a task would run before it. */
    private void handleSoon() {
        if (!scheduled) {
            scheduled = true;
            loop.schedule(0, this::handleSome);
        }
    }

    private void handleSome() {
        scheduled = false;
        long began = loop.nanoTime();
        try {
            for (int i = 0; i < TURN && !waiting.isEmpty() && loop.nanoTime() - began < TURN_NANOS; i++) {
                Claimed next = waiting.remove();
                waitingBytes -= next.payload().length;
                extensions.guarded(() -> next.by().packetReceived(next.payload()));
            }
        } finally {
            if (!waiting.isEmpty()) {
                handleSoon();
            }
        }
    }
}
