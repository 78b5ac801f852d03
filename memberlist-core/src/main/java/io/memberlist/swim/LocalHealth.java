package io.memberlist.swim;

import java.util.function.IntConsumer;

/**
 * Lifeguard's local health multiplier ("awareness" in the Go library): a score that rises with every sign that this
 * member itself is slow or cut off, and stretches its patience with others. Written on the loop, read from anywhere.
 */
final class LocalHealth {
    private final int max;
    private final IntConsumer changed;
    private volatile int score;

    /**
     * @param maxMultiplier the score stays below this
     * @param changed called with the score whenever it changes
     */
    LocalHealth(int maxMultiplier, IntConsumer changed) {
        this.max = maxMultiplier - 1;
        this.changed = changed;
    }

    /** {@return the score: 0 is healthy} */
    int score() {
        return score;
    }

    /** Moves the score, within its bounds. */
    void apply(int delta) {
        int next = Math.max(0, Math.min(max, score + delta));
        if (next != score) {
            score = next;
            changed.accept(next);
        }
    }

    /** {@return the timeout, stretched by the score} */
    long scale(long timeoutNanos) {
        return timeoutNanos * (score + 1);
    }
}
