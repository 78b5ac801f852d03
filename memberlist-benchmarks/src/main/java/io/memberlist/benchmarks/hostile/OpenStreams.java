package io.memberlist.benchmarks.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a number of streams open that never bring a whole message. A member ends a stream on which nothing is complete in time,
 * so each is opened again after {@value #LIFE_SECONDS} seconds, and the same number is opened in each step.
 */
final class OpenStreams implements Closeable {
    /** What a member gives a stream, with the preset for a LAN. */
    private static final int LIFE_SECONDS = 10;

    private static final int STEPS_A_SECOND = 20;
    private static final int STEPS_A_BYTE = STEPS_A_SECOND;

    private final InetSocketAddress target;
    private final List<Attacker> attackers;
    private final byte[] bytes;
    private final int each;
    private final Queue<Open> streams = new ArrayDeque<>();
    private final CountDownLatch full = new CountDownLatch(LIFE_SECONDS * STEPS_A_SECOND);
    private final Thread thread = new Thread(this::run, "open-streams");
    private volatile boolean closed;
    private volatile long opened;

    private static final class Open {
        private final Socket stream;
        private final long step;
        private int written;

        Open(Socket stream, long step) {
            this.stream = stream;
            this.step = step;
        }
    }

    /**
     * @param count how many are open at a time
     * @param bytes what each brings, one byte a second; it is too much for the life of a stream
     */
    OpenStreams(InetSocketAddress target, List<Attacker> attackers, int count, byte[] bytes) {
        this.target = target;
        this.attackers = attackers;
        this.bytes = bytes;
        this.each = count / (LIFE_SECONDS * STEPS_A_SECOND);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until all are open, as far as the member accepts them. */
    void await() throws InterruptedException {
        full.await(2 * LIFE_SECONDS, TimeUnit.SECONDS);
    }

    /** {@return how many streams were opened} */
    long opened() {
        return opened;
    }

    private void run() {
        long began = System.nanoTime();
        for (long step = 0; !closed; step++) {
            long due = began + step * TimeUnit.SECONDS.toNanos(1) / STEPS_A_SECOND;
            for (long left = due - System.nanoTime(); left > 0 && !closed; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            replace(step);
            write(step);
            full.countDown();
        }
    }

    private void replace(long step) {
        for (Open oldest = streams.peek();
                oldest != null && step - oldest.step >= LIFE_SECONDS * STEPS_A_SECOND;
                oldest = streams.peek()) {
            streams.remove();
            quietly(oldest.stream::close);
        }
        for (int i = 0; i < each; i++) {
            Attacker attacker = attackers.get((int) (opened % attackers.size()));
            quietly(() -> {
                Socket stream = attacker.stream(target, new byte[0]);
                // Ports that were used stay taken for a minute otherwise.
                stream.setSoLinger(true, 0);
                streams.add(new Open(stream, step));
            });
            opened++;
        }
    }

    private void write(long step) {
        for (Open open : streams) {
            if ((step - open.step) % STEPS_A_BYTE == 0 && open.written < bytes.length) {
                quietly(() -> open.stream.getOutputStream().write(bytes[open.written++]));
            }
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void quietly(Action action) {
        try {
            action.run();
        } catch (IOException ended) {
            // A member may refuse a stream, and end it at any time.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LIFE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.forEach(open -> quietly(open.stream::close));
    }
}
