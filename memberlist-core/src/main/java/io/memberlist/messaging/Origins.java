package io.memberlist.messaging;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * What is remembered of each origin, for so many of them. Who floods with fresh origins pushes out his own first: strangers
 * go before members of the cluster, and among either the one that was silent longest.
 */
final class Origins {
    private final IntSupplier max;
    private final long lifeNanos;
    private final Predicate<String> isMember;
    private final Map<Origin, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param max so many, asked when another one is met
     * @param lifeNanos how long messages live
     * @param isMember tells members of the cluster, by name
     */
    Origins(IntSupplier max, long lifeNanos, Predicate<String> isMember) {
        this.max = max;
        this.lifeNanos = lifeNanos;
        this.isMember = isMember;
    }

    /** What is remembered of one. */
    static final class Known {
        final Origin origin;
        final IdWindow window;
        private long settledNanos;
        /** A look for gaps is under way. */
        boolean looking;
        /** What is missing up to here was asked for in vain. */
        long askedInVain;

        Known(Origin origin, long first, long now) {
            this.origin = origin;
            this.window = new IdWindow(first);
            this.settledNanos = now;
        }
    }

    /** {@return what is remembered, from now on also of one that was unknown} */
    Known met(Origin origin, long number, long now) {
        Known one = known.get(origin);
        if (one == null) {
            one = new Known(origin, number, now);
            known.put(origin, one);
            if (known.size() > max.getAsInt()) {
                forgetOne(origin);
            }
        }
        if (now - one.settledNanos > lifeNanos) {
            one.settledNanos = now;
            one.window.settle();
        }
        return one;
    }

    /** {@return whether a number was seen, or cannot be known} */
    boolean seen(Origin origin, long number) {
        Known one = known.get(origin);
        return one != null && one.window.seen(number);
    }

    /** {@return the first number that is of interest, given the highest there is} */
    long firstOfInterest(Origin origin, long highest) {
        Known one = known.get(origin);
        return one == null ? Math.max(1, highest - IdWindow.FIRST_LOOK_BACK + 1) : one.window.floor() + 1;
    }

    int size() {
        return known.size();
    }

    private void forgetOne(Origin butNot) {
        Iterator<Origin> silentFirst = known.keySet().iterator();
        while (silentFirst.hasNext()) {
            Origin origin = silentFirst.next();
            if (!origin.equals(butNot) && !isMember.test(origin.name())) {
                silentFirst.remove();
                return;
            }
        }
        Iterator<Origin> any = known.keySet().iterator();
        any.next();
        any.remove();
    }
}
