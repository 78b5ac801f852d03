package io.memberlist.messaging.broadcast;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.EnvelopeReader;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.IdWindow;
import io.memberlist.messaging.repair.Origins;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.messaging.repair.Store;
import io.memberlist.transport.Completion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The broadcasts of other members: tells new ones from known ones, keeps them for repair, passes them on and hands them over
 * in order. One that a handler has no room for is passed on and not taken in; it is asked for again when there is room.
 */
public final class Broadcasts {
    private final ExtensionContext context;
    private final Sending sending;
    private final MessagingCounters counters;
    private final Repair repair;
    private final Subscriptions subscriptions;
    private final SmallFanOut small;
    private final LargeFanOut large;
    private final OwnBroadcasts own;
    private final HoldBack holdBack;
    private final long startNanos;

    public Broadcasts(Sending sending, Repair repair, Subscriptions subscriptions) {
        this.context = sending.context();
        this.sending = sending;
        this.counters = sending.counters();
        this.repair = repair;
        this.subscriptions = subscriptions;
        this.small = new SmallFanOut(sending, repair);
        this.large = new LargeFanOut(sending, repair);
        this.own = new OwnBroadcasts(sending, repair, subscriptions, small, large);
        long holdNanos = sending.config().holdBack().toNanos();
        this.holdBack = new HoldBack(
                context.loop(),
                holdNanos,
                Math.max(context.streamTimeout().toNanos(), holdNanos),
                counters,
                this::deliver);
        this.startNanos = context.loop().nanoTime();
    }

    private void deliver(Envelope envelope, Arrival arrival, boolean late) {
        if (!isUnwantedHistory(envelope)) {
            subscriptions.deliver(envelope.toMessage(MessageKind.BROADCAST, arrival, late));
        }
    }

    /**
     * {@return whether a broadcast is older than this life of the member, on a topic whose history its application does not
     * want} It is kept for others all the same. By its age, since clocks of members differ.
     */
    private boolean isUnwantedHistory(Envelope envelope) {
        long bornNanos = context.loop().nanoTime() - envelope.ageMillis() * 1_000_000;
        return bornNanos - startNanos < 0
                && sending.config().topicsWithoutHistory().contains(envelope.topic());
    }

    /** {@return this member's own broadcasts} */
    public OwnBroadcasts own() {
        return own;
    }

    public int held() {
        return holdBack.held();
    }

    public void stop() {
        own.stop();
        holdBack.stop();
    }

    private boolean isLarge(byte[] message) {
        return !context.fitsPacket(message.length);
    }

    /** Takes one of another member. */
    public void received(Envelope envelope, Arrival arrival) throws EnvelopeException {
        if (envelope.number() < 1 || envelope.order() < 1) {
            throw EnvelopeReader.malformed("number " + envelope.number() + ", order " + envelope.order());
        }
        if (envelope.origin().equals(sending.self())) {
            counters.drop(MessageDropReason.LOOP);
            return;
        }
        long ageNanos = envelope.ageMillis() * 1_000_000;
        if (ageNanos > sending.config().messageLife().toNanos()) {
            counters.drop(MessageDropReason.EXPIRED);
            return;
        }
        long now = context.loop().nanoTime();
        if (isKnown(envelope)) {
            counters.drop(MessageDropReason.DUPLICATE);
            serveRange(envelope, repair.store().get(envelope.origin(), envelope.number()));
            return;
        }
        if (!mayTakeIn(envelope, now)) {
            refuse(envelope, now - ageNanos);
            return;
        }
        Origins.Known known = repair.origins().met(envelope.origin(), now);
        IdWindow window = known.window(envelope.number());
        window.add(envelope.number());
        repair.refused().taken(envelope);
        counters.received.increment();
        boolean repaired = envelope.has(EnvelopeFormat.REPAIR);
        if (repaired) {
            counters.repaired.increment();
        }
        Store.Stored stored = repair.store().add(envelope, now - ageNanos);
        repair.digests().newsStored();
        passOn(envelope, stored);
        holdBack.accept(envelope, repaired ? Arrival.REPAIR : arrival, window);
        repair.gaps().noticed(known, window, envelope.number());
        countMissed(known);
    }

    /** The handlers must have room. Where they had none for an earlier one, that one comes first. */
    private boolean mayTakeIn(Envelope envelope, long now) {
        boolean room = subscriptions.room(envelope.topic(), now) > 0
                || holdBack.isAwaited(envelope) && subscriptions.hasRoomForAwaited(envelope.topic(), now);
        return room && !repair.refused().hasEarlier(envelope);
    }

    private void refuse(Envelope envelope, long bornNanos) {
        if (repair.refetches().refuse(envelope)) {
            counters.drop(MessageDropReason.REFUSED);
            context.warn(
                    MessageDropReason.REFUSED,
                    "handlers do not keep up with broadcasts, which wait at other members until there is room",
                    "topic '" + envelope.topic() + "'");
            // Others must not wait for the handlers of this member.
            passOn(envelope, new Store.Stored(envelope, bornNanos));
        }
    }

    private void passOn(Envelope envelope, Store.Stored stored) {
        serveRange(envelope, stored);
        if (envelope.hops() > 0 && !isLarge(envelope.bytes())) {
            counters.relayed.increment();
            small.gossip(envelope, envelope.ageMillis());
        }
    }

    private void countMissed(Origins.Known known) {
        long missed = known.takeMissed();
        if (missed > 0) {
            counters.drop(MessageDropReason.MISSED, missed);
            context.warn(
                    MessageDropReason.MISSED,
                    "broadcasts are lost, since no member has them any more",
                    missed + " of '" + known.origin().name() + "'");
        }
    }

    /** What is in the store is known, though its origin may have been forgotten, of which there is room for so many. */
    private boolean isKnown(Envelope envelope) {
        return repair.store().get(envelope.origin(), envelope.number()) != null
                || repair.origins().seen(envelope.origin(), envelope.number());
    }

    /**
     * Passes a message on to the members it was sent here for, also where it had come already, by gossip or repair, without
     * them. Few times for each message: a copy sent again and again is not sent on again and again.
     */
    private void serveRange(Envelope copy, Store.@Nullable Stored stored) {
        if (stored == null || copy.range().isNone() || copy.hops() == 0 || !stored.serve(copy.range())) {
            return;
        }
        Envelope envelope = stored.envelope();
        List<Member> mine = context.others().stream()
                .filter(member -> copy.range().covers(member.name()))
                .filter(member -> !member.name().equals(envelope.origin().name()))
                .toList();
        Spread spread = new Spread(envelope, copy.range(), copy.hops() - 1, stored.bornNanos());
        if (isLarge(envelope.bytes())) {
            if (large.isFull()) {
                counters.drop(MessageDropReason.RELAY_FULL);
            } else {
                counters.relayed.increment();
                large.send(spread, mine, Completion.IGNORED);
            }
        } else if (sending.outbox().waitingForOne() > sending.maxCaused()) {
            counters.drop(MessageDropReason.RELAY_FULL);
        } else {
            small.send(spread, mine, Completion.IGNORED);
        }
    }
}
