package io.memberlist.simulator.scale;

import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The receive buffer of a socket and the thread that reads it. While the thread is blocked, packets wait in the
 * kernel's buffer, or are lost when it is full. When the thread wakes, it needs time to catch up.
 */
final class ReceiveBuffer {
    /**
     * The largest receive buffer that Linux grants by default: {@code net.core.rmem_max} is 212 992, and the kernel
     * doubles it. The Go library asks for 2 MiB and gets this.
     */
    private static final int CAPACITY = 2 * 212_992;

    /**
     * The time to read, decode and handle a packet: the processor time of the Go library for a packet with one small
     * message, measured on the machine of the documented figures. Compressed packets take longer.
     */
    private static final long READ_NANOS = 25_000;

    /** The bytes that the kernel counts for a packet of a length, as measured: it rounds up to blocks. */
    private static final int SMALL = 128;

    private static final int SMALL_COST = 832;
    private static final int MEDIUM = 640;
    private static final int MEDIUM_COST = 1_280;
    private static final int LARGE_COST = 2_304;

    private final EventLoop loop;
    private final Deque<Packet> waiting = new ArrayDeque<>();
    private long freeFromNanos;
    private int held;
    private int lost;
    private boolean reading;
    private boolean blocked;

    private record Packet(int cost, Runnable delivery) {}

    ReceiveBuffer(EventLoop loop) {
        this.loop = loop;
    }

    void block() {
        blocked = true;
    }

    void unblock() {
        blocked = false;
        readOn();
    }

    /** Closes the socket, and discards its contents. */
    void end() {
        waiting.clear();
        held = 0;
    }

    /** Takes a packet that has arrived. */
    void arrived(int length, Runnable delivery) {
        if (!blocked && waiting.isEmpty() && loop.nanoTime() >= freeFromNanos) {
            freeFromNanos = loop.nanoTime() + READ_NANOS;
            delivery.run();
            return;
        }
        int cost = length <= SMALL ? SMALL_COST : length <= MEDIUM ? MEDIUM_COST : LARGE_COST;
        if (held + cost > CAPACITY) {
            lost++;
            return;
        }
        held += cost;
        waiting.add(new Packet(cost, delivery));
        readOn();
    }

    private void readOn() {
        if (blocked || reading || waiting.isEmpty()) {
            return;
        }
        reading = true;
        loop.schedule(Math.max(0, freeFromNanos - loop.nanoTime()), () -> {
            reading = false;
            if (!blocked && !waiting.isEmpty()) {
                Packet packet = waiting.remove();
                held -= packet.cost;
                freeFromNanos = loop.nanoTime() + READ_NANOS;
                packet.delivery.run();
                readOn();
            }
        });
    }

    /** {@return the number of waiting packets} */
    int waiting() {
        return waiting.size();
    }

    /** {@return the number of packets that were lost because the buffer was full} */
    int lost() {
        return lost;
    }
}
