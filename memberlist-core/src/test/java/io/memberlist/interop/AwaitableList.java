package io.memberlist.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A list to which one thread adds elements while others wait for them. */
final class AwaitableList<E> {
    private final List<E> elements = new ArrayList<>();
    private boolean closed;

    synchronized void add(E element) {
        elements.add(element);
        notifyAll();
    }

    /** Closes the list: no more elements follow. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Waits until the list is closed, or the time is over. */
    void awaitClosed(Duration timeout) {
        await(element -> false, timeout);
    }

    synchronized List<E> snapshot() {
        return List.copyOf(elements);
    }

    /** {@return the first matching element; empty if the time is over or the list is closed without one} */
    synchronized Optional<E> await(Predicate<? super E> predicate, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int seen = 0; ; ) {
            for (; seen < elements.size(); seen++) {
                if (predicate.test(elements.get(seen))) {
                    return Optional.of(elements.get(seen));
                }
            }
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (closed || leftMillis <= 0) {
                return Optional.empty();
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
