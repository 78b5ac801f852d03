package io.memberlist.swim;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one seed: what it stood for when it was looked up last, since when it is missing, when it is asked. */
final class WatchedSeed {
    private final @Nullable String name;
    private List<InetSocketAddress> addresses = List.of();
    private boolean missing;
    private boolean reported;
    private boolean asking;
    private long missingSinceNanos;
    private long dueNanos;
    /** How often in a row somebody answered without becoming a member at the address. */
    private int answers;

    private String found = "no answer yet";

    /** @param name of the member at the seed, null where the seed does not say */
    WatchedSeed(@Nullable String name, long nowNanos) {
        this.name = name;
        this.dueNanos = nowNanos;
    }

    @Nullable
    String name() {
        return name;
    }

    /** {@return the addresses found by the last look-up that succeeded} */
    List<InetSocketAddress> addresses() {
        return addresses;
    }

    void lookedUp(List<InetSocketAddress> found) {
        addresses = found;
    }

    /** {@return what was found at the seed when it was asked last, for an operator to read} */
    String found() {
        return found;
    }

    void found(String latest) {
        found = latest;
    }

    boolean isMissing() {
        return missing;
    }

    /** {@return whether the seed is to be asked now} It is not while it is being asked. */
    boolean isDue(long nowNanos) {
        return !asking && nowNanos - dueNanos >= 0;
    }

    long untilDueNanos(long nowNanos) {
        return Math.max(0, dueNanos - nowNanos);
    }

    void begin() {
        asking = true;
    }

    void end() {
        asking = false;
    }

    void askAfter(long nowNanos, long pauseNanos) {
        dueNanos = nowNanos + pauseNanos;
    }

    /** {@return whether the seed was there until now} */
    boolean becameMissing(long nowNanos) {
        boolean news = !missing;
        if (news) {
            missing = true;
            missingSinceNanos = nowNanos;
        }
        return news;
    }

    /** {@return whether the seed was missing until now} */
    boolean becamePresent() {
        boolean news = missing;
        missing = false;
        answers = 0;
        return news;
    }

    long missingNanos(long nowNanos) {
        return missing ? nowNanos - missingSinceNanos : 0;
    }

    /** {@return how often in a row somebody has answered who is no member at the address} */
    int answered() {
        return ++answers;
    }

    /** Nobody answers; if somebody did so far, the seed is missing since now. */
    void silent(long nowNanos) {
        if (answers > 0) {
            answers = 0;
            missingSinceNanos = nowNanos;
        }
    }

    /** {@return whether somebody answers who is no member at the address, as a load balancer may} */
    boolean isAlias() {
        return answers > 1;
    }

    /** {@return whether it has not been said yet that the seed is missing} */
    boolean report() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    /** {@return whether it was said that the seed is missing} */
    boolean endReport() {
        boolean was = reported;
        reported = false;
        return was;
    }
}
