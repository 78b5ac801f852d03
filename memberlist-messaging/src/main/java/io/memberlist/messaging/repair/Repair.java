package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.outbox.Sending;

/** What has one member's broadcasts repaired: the numbers it has seen, its store, and those who ask and tell. */
public record Repair(Origins origins, Store store, Peers peers, Fetches fetches, Digests digests, Gaps gaps) {
    public static Repair of(Sending sending, Peers peers) {
        ExtensionContext context = sending.context();
        MessagingConfig config = sending.config();
        long lifeNanos = config.storeAge().toNanos();
        Origins origins = new Origins(
                () -> Math.max(config.maxOrigins(), 2 * context.others().size()),
                lifeNanos,
                name -> context.member(name) != null);
        Store store = new Store(context.loop(), config.storeSize(), lifeNanos);
        Fetches fetches = new Fetches(sending, store, origins);
        Digests digests = new Digests(sending, store, fetches, peers);
        return new Repair(origins, store, peers, fetches, digests, new Gaps(context, fetches, digests::somebody));
    }

    /** Stops asking and telling, and forgets what was kept. */
    public void stop() {
        digests.stop();
        store.clear();
    }
}
