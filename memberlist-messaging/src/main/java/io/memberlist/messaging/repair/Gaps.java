package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import java.util.List;

/** Notices from a number that an earlier one is missing, and asks its origin soon: gossip may bring it, or not. */
public final class Gaps {
    private static final long FIRST_LOOK_NANOS = 100_000_000;
    private static final long LOOK_NANOS = 160_000_000;
    private static final int MAX_LOOKS = 8;
    private static final int MAX_MISSING = 512;
    /** A forged number makes every member that hears it ask: so many origins at a time, others are left to digests. */
    private static final int MAX_LOOKING = 64;

    private final ExtensionContext context;
    private final Fetches fetches;
    private final Refused refused;
    private final Digests digests;
    private int looking;

    /** @param digests knows whom to ask */
    Gaps(ExtensionContext context, Fetches fetches, Refused refused, Digests digests) {
        this.context = context;
        this.fetches = fetches;
        this.refused = refused;
        this.digests = digests;
    }

    /** A new number has come. */
    public void noticed(Origins.Known known, IdWindow window, long number) {
        // Of strangers only digests are believed: who makes up origins must not make this member ask for what is not
        // there.
        if (!known.looking
                && looking < MAX_LOOKING
                && number > known.askedInVain
                && context.member(known.origin.name()) != null
                && window.gapBelow(number)) {
            known.looking = true;
            looking++;
            lookLater(known, window, 0, FIRST_LOOK_NANOS);
        }
    }

    private void lookLater(Origins.Known known, IdWindow window, int looks, long delayNanos) {
        context.loop().schedule(delayNanos, () -> look(known, window, looks));
    }

    private void look(Origins.Known known, IdWindow window, int looks) {
        List<Long> missing = missing(known, window);
        if (context.behind()) {
            keep(known.origin, missing);
            lookLater(known, window, looks, LOOK_NANOS);
            return;
        }
        if (missing.isEmpty() || looks == MAX_LOOKS) {
            known.looking = false;
            looking--;
            if (!missing.isEmpty()) {
                // Nobody has it, it seems; a digest may still bring it.
                known.askedInVain = missing.get(missing.size() - 1);
            }
            return;
        }
        Member to = digests.home(known.origin);
        if (to == null || looks % 2 == 1) {
            Member another = digests.somebody();
            to = another == null ? to : another;
        }
        if (to != null) {
            fetches.want(to, List.of(entry(known.origin, missing)));
        }
        lookLater(known, window, looks + 1, LOOK_NANOS);
    }

    private List<Long> missing(Origins.Known known, IdWindow window) {
        return window.missing(known.askedInVain, MAX_MISSING + refused.count(known.origin)).stream()
                .filter(number -> refused.nextOther(known.origin, number) == number)
                .limit(MAX_MISSING)
                .toList();
    }

    /** What seems to be missing may have come and wait to be handled. If not, its origin must not have forgotten it by then. */
    private void keep(Origin origin, List<Long> missing) {
        Member home = digests.home(origin);
        if (home != null && !missing.isEmpty()) {
            fetches.askToKeep(home, entry(origin, missing));
        }
    }

    private static Inventory.Entry entry(Origin origin, List<Long> missing) {
        NumberSet numbers = new NumberSet();
        missing.forEach(numbers::add);
        return new Inventory.Entry(origin, numbers.earliest(Inventory.MAX_RUNS));
    }
}
