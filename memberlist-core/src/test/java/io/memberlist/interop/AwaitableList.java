package io.memberlist.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A list that one thread fills and others wait on for an element to come. */
final class AwaitableList<E> {
    private final List<E> elements = new ArrayList<>();
    private boolean closed;

    synchronized void add(E element) {
        elements.add(element);
        notifyAll();
    }

    /** Nothing more will come. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Waits until nothing more will come, or the time is up. */
    void awaitClosed(Duration timeout) {
        await(element -> false, timeout);
    }

    synchronized List<E> snapshot() {
        return List.copyOf(elements);
    }

    /** {@return the first element that matches; empty if the time is up or the list is closed without one} */
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
