package io.memberlist.swim;

/**
 * Lifeguard's local health multiplier ("awareness" in the Go library): a score that rises with every sign that this
 * member itself is slow or cut off, and stretches its patience with others. Written on the loop, read from anywhere.
 */
final class LocalHealth {
    private final int max;
    private volatile int score;

    /** @param maxMultiplier the score stays below this */
    LocalHealth(int maxMultiplier) {
        this.max = maxMultiplier - 1;
    }

    /** {@return the score: 0 is healthy} */
    int score() {
        return score;
    }

    /** Moves the score, within its bounds. */
    void apply(int delta) {
        score = Math.max(0, Math.min(max, score + delta));
    }

    /** {@return the timeout, stretched by the score} */
    long scale(long timeoutNanos) {
        return timeoutNanos * (score + 1);
    }
}
