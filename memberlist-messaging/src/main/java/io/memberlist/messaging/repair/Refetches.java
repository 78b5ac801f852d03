package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Asks for what was refused as soon as there is room for it, and asks its origin to keep it until then. */
public final class Refetches {
    private static final long LOOK_NANOS = 20_000_000;
    private final ExtensionContext context;
    private final Fetches fetches;
    private final Refused refused;
    private final ToIntFunction<String> room;
    private final Digests digests;
    private final Map<Origin, Long> askedToKeepNanos = new HashMap<>();
    private boolean looking;
    private boolean stopped;
    private int looks;

    /**
     * @param room for how many broadcasts the handlers of a topic have room
     * @param digests knows whom to ask
     */
    Refetches(ExtensionContext context, Fetches fetches, Refused refused, ToIntFunction<String> room, Digests digests) {
        this.context = context;
        this.fetches = fetches;
        this.refused = refused;
        this.room = room;
        this.digests = digests;
    }

    /** {@return whether a broadcast is refused for the first time} It will be asked for again. */
    public boolean refuse(Envelope envelope) {
        boolean first = refused.add(envelope);
        fetches.cameInVain(envelope.origin(), envelope.number());
        if (first && !looking) {
            looking = true;
            // Its origin keeps what it sent a moment ago, but must know soon.
            context.loop().execute(this::look);
        }
        return first;
    }

    void stop() {
        stopped = true;
        refused.clear();
    }

    private void look() {
        if (stopped || refused.isEmpty()) {
            looking = false;
            askedToKeepNanos.clear();
            return;
        }
        looks++;
        long now = context.loop().nanoTime();
        for (Origin origin : refused.origins()) {
            Member home = digests.home(origin);
            if (home != null && isTimeToAskToKeep(origin, now)) {
                fetches.askToKeep(home, new Inventory.Entry(origin, refused.earliest(origin, Inventory.MAX_RUNS)));
            }
            if (!context.behind()) {
                List<Inventory.Run> due = refused.dueNow(origin, room, now);
                Member to = home != null && looks % 4 != 0 ? home : digests.somebody();
                if (to != null && !due.isEmpty()) {
                    fetches.ask(to, origin, due);
                }
            }
        }
        context.loop().schedule(LOOK_NANOS, this::look);
    }

    private boolean isTimeToAskToKeep(Origin origin, long now) {
        Long before = askedToKeepNanos.get(origin);
        boolean isTime = before == null || now - before > Lacking.ASK_INTERVAL_NANOS;
        if (isTime) {
            askedToKeepNanos.put(origin, now);
        }
        return isTime;
    }
}
