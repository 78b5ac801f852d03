package io.memberlist.messaging.repair;

import io.memberlist.messaging.envelope.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of each origin, for so many of them. Who floods with fresh origins pushes out his own first: of one
 * name so many lives are remembered and no more, strangers go before members of the cluster, and among either the one that
 * was silent longest.
 */
public final class Origins {
    /** A member that is started again and again within the time that messages live. */
    private static final int MAX_LIVES = 8;
    /** Numbers of one origin that lie far apart are kept apart: one forged number must not make its own look old. */
    private static final int MAX_WINDOWS = 4;

    private final IntSupplier max;
    private final long lifeNanos;
    private final Predicate<String> isMember;
    private final Map<Origin, Known> members = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Origin, Known> strangers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, List<Known>> livesByName = new HashMap<>();
    private volatile int size;
    private long uses;

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
    public static final class Known {
        final Origin origin;
        private final List<IdWindow> windows = new ArrayList<>();
        private long settledNanos;
        private long lastUse;
        /** A look for gaps is under way. */
        boolean looking;
        /** What is missing up to here was asked for in vain. */
        long askedInVain;

        Known(Origin origin, long now) {
            this.origin = origin;
            this.settledNanos = now;
        }

        public Origin origin() {
            return origin;
        }

        /** {@return how many of its broadcasts were given up since the last call} */
        public long takeMissed() {
            long missed = 0;
            for (IdWindow window : windows) {
                missed += window.takeMissed();
            }
            return missed;
        }

        /** {@return what is remembered of the numbers around one, from now on also where that was nothing} */
        public IdWindow window(long number) {
            IdWindow window = windowAt(number);
            if (window == null) {
                window = new IdWindow(number, highestBelow(number));
                if (windows.size() == MAX_WINDOWS) {
                    windows.remove(leastUsed());
                }
                windows.add(window);
            }
            return window;
        }

        /**
         * {@return whether any window holds it} One that lagged behind grows over those that were begun ahead of it, and a
         * copy may come when its window has long moved on.
         */
        boolean isHeld(long number) {
            for (IdWindow window : windows) {
                if (window.holds(number)) {
                    return true;
                }
            }
            return false;
        }

        private long highestBelow(long number) {
            return windows.stream()
                    .mapToLong(IdWindow::highest)
                    .filter(highest -> highest < number)
                    .max()
                    .orElse(0);
        }

        /** {@return the one with the fewest numbers; of several the latest, for the forged ones come after the real one} */
        private IdWindow leastUsed() {
            return windows.stream()
                    .reduce((least, window) -> window.count() <= least.count() ? window : least)
                    .orElseThrow();
        }

        private @Nullable IdWindow windowAt(long number) {
            for (IdWindow window : windows) {
                if (window.isAround(number)) {
                    return window;
                }
            }
            return null;
        }
    }

    /** {@return what is remembered, from now on also of one that was unknown} */
    public Known met(Origin origin, long now) {
        Known one = get(origin);
        if (one == null) {
            one = new Known(origin, now);
            (isMember.test(origin.name()) ? members : strangers).put(origin, one);
            forgetEarlierLife(one);
            if (members.size() + strangers.size() > max.getAsInt()) {
                forgetOneBut(one);
            }
            size = members.size() + strangers.size();
        }
        one.lastUse = ++uses;
        if (now - one.settledNanos > lifeNanos) {
            one.settledNanos = now;
            one.windows.forEach(IdWindow::settle);
        }
        return one;
    }

    private @Nullable Known get(Origin origin) {
        Known one = members.get(origin);
        return one != null ? one : strangers.get(origin);
    }

    /** {@return whether a number was seen, or is too old to know} */
    public boolean seen(Origin origin, long number) {
        Known one = get(origin);
        if (one == null) {
            return false;
        }
        IdWindow window = one.windowAt(number);
        return window != null && window.seen(number) || one.isHeld(number);
    }

    /** {@return the first number from one on that was not seen, as far as can be known} */
    long nextMissing(Origin origin, long from) {
        Known one = get(origin);
        long number = from;
        while (one != null) {
            IdWindow window = one.windowAt(number);
            long next = window == null ? number : window.nextMissing(number);
            if (next == number) {
                break;
            }
            // Where one window ends another may know more.
            number = next;
        }
        return number;
    }

    /** {@return the first number that is of interest, given the highest there is} */
    long firstOfInterest(Origin origin, long highest) {
        Known one = get(origin);
        IdWindow window = one == null ? null : one.windowAt(highest);
        return window == null ? Math.max(1, highest - IdWindow.FIRST_LOOK_BACK + 1) : window.floor() + 1;
    }

    /** {@return how many are remembered; may be asked from anywhere} */
    public int size() {
        return size;
    }

    private void forgetEarlierLife(Known latest) {
        List<Known> lives = livesByName.computeIfAbsent(latest.origin.name(), name -> new ArrayList<>());
        lives.add(latest);
        if (lives.size() > MAX_LIVES) {
            lives.stream()
                    .filter(life -> life != latest)
                    .min(Comparator.comparingLong(life -> life.lastUse))
                    .ifPresent(this::forget);
        }
    }

    /** Forgets a stranger, or a member where there is none, without a walk through all: anybody can send under fresh names. */
    private void forgetOneBut(Known latest) {
        while (!strangers.isEmpty()) {
            Known oldest = strangers.values().iterator().next();
            if (isMember.test(oldest.origin.name())) {
                // It has joined since.
                strangers.remove(oldest.origin);
                members.put(oldest.origin, oldest);
            } else if (oldest != latest) {
                forget(oldest);
                return;
            } else {
                break;
            }
        }
        members.values().stream().filter(one -> one != latest).findFirst().ifPresent(this::forget);
    }

    private void forget(Known one) {
        members.remove(one.origin);
        strangers.remove(one.origin);
        List<Known> lives = livesByName.get(one.origin.name());
        if (lives != null) {
            lives.remove(one);
            if (lives.isEmpty()) {
                livesByName.remove(one.origin.name());
            }
        }
    }
}
