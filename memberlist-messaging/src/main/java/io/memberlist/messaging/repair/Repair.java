package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.outbox.Sending;
import java.util.function.ToIntFunction;

/** What has one member's broadcasts repaired: the numbers it has seen, its store, and those who ask and tell. */
public record Repair(
        Origins origins,
        Store store,
        Peers peers,
        Fetches fetches,
        Digests digests,
        Gaps gaps,
        Refused refused,
        Refetches refetches,
        Lacking lacking) {
    /** @param room for how many broadcasts the handlers of a topic have room */
    public static Repair of(Sending sending, Peers peers, ToIntFunction<String> room) {
        ExtensionContext context = sending.context();
        MessagingConfig config = sending.config();
        long lifeNanos = config.messageLife().toNanos();
        Origins origins = new Origins(
                () -> Math.max(config.maxOrigins(), 2 * context.others().size()),
                lifeNanos,
                name -> context.member(name) != null);
        Refused refused = new Refused();
        Lacking lacking = new Lacking(context.loop());
        Store store = new Store(
                context.loop(), config.storeAge().isZero() ? 0 : config.storeSize(), lifeNanos, lacking::first);
        Fetches fetches = new Fetches(sending, store, origins, refused, lacking);
        Digests digests = new Digests(sending, store, fetches, peers);
        return new Repair(
                origins,
                store,
                peers,
                fetches,
                digests,
                new Gaps(context, fetches, refused, digests),
                refused,
                new Refetches(context, fetches, refused, room, digests),
                lacking);
    }

    /** Stops asking and telling, and forgets what was kept. */
    public void stop() {
        digests.stop();
        refetches.stop();
        store.clear();
    }
}
