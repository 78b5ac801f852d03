package io.memberlist.messaging.broadcast;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.EnvelopeReader;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.IdWindow;
import io.memberlist.messaging.repair.Origins;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.messaging.repair.Store;
import io.memberlist.transport.Completion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasts, this member's own and those of others: numbers them, tells new ones from known ones, keeps them for repair,
 * passes them on and hands them over in order.
 */
public final class Broadcasts {
    private static final int MAX_OWN_TOPICS = 65536;

    private final ExtensionContext context;
    private final Sending sending;
    private final MessagingCounters counters;
    private final Repair repair;
    private final Subscriptions subscriptions;
    private final LargeFanOut large;
    private final HoldBack holdBack;
    /** How long a message waits for a large one before it. */
    private final long behindLargeNanos;

    private final Map<String, OwnTopic> ownTopics = new LinkedHashMap<>(16, 0.75f, true);
    private long lastNumber;

    public Broadcasts(Sending sending, Repair repair, Subscriptions subscriptions) {
        this.context = sending.context();
        this.sending = sending;
        this.counters = sending.counters();
        this.repair = repair;
        this.subscriptions = subscriptions;
        this.large = new LargeFanOut(sending, repair);
        long holdNanos = sending.config().holdBack().toNanos();
        this.behindLargeNanos = Math.max(context.streamTimeout().toNanos(), holdNanos);
        this.holdBack = new HoldBack(
                context.loop(),
                holdNanos,
                behindLargeNanos,
                counters,
                (envelope, arrival, late, held) ->
                        subscriptions.deliver(envelope.toMessage(MessageKind.BROADCAST, arrival, late), held));
    }

    private static final class OwnTopic {
        long order;
        boolean hadLarge;
        long largeNanos;
    }

    public int held() {
        return holdBack.held();
    }

    public void stop() {
        holdBack.stop();
    }

    /**
     * Sends one of this member's own.
     *
     * @param message not numbered yet
     */
    public CompletableFuture<MessageId> send(byte[] message, String topic) {
        long now = context.loop().nanoTime();
        boolean isLarge = isLarge(message);
        OwnTopic own = ownTopic(topic);
        boolean behindLarge = own.hadLarge && now - own.largeNanos < behindLargeNanos;
        if (isLarge) {
            own.hadLarge = true;
            own.largeNanos = now;
        }
        EnvelopeFormat.numbered(message, behindLarge ? EnvelopeFormat.BEHIND_LARGE : 0, ++lastNumber, ++own.order);
        Envelope envelope = EnvelopeFormat.readOwn(message);
        counters.broadcasts.increment();
        repair.store().add(envelope, now);
        repair.digests().newsStored();
        // No network slows these down, only the outgoing queue: a burst that others take must fit here as well.
        subscriptions.deliver(envelope.toMessage(MessageKind.BROADCAST, Arrival.LOCAL, false), true);
        CompletableFuture<MessageId> sent = new CompletableFuture<>();
        Completion<Void> completion = Completion.of(sent, envelope.id());
        List<Member> others = context.others();
        if (others.isEmpty()) {
            completion.done(null, null);
        } else if (!isLarge && others.size() <= sending.config().directTargets()) {
            sending.outbox().toAll(message, completion);
        } else {
            Spread spread = new Spread(envelope, HashRange.ALL, envelope.hops() - 1, now);
            if (isLarge) {
                large.send(spread, others, completion);
            } else {
                send(spread, others, completion);
            }
        }
        if (!isLarge) {
            gossip(envelope, 0);
        }
        return sent;
    }

    private OwnTopic ownTopic(String topic) {
        OwnTopic own = ownTopics.computeIfAbsent(topic, key -> new OwnTopic());
        if (ownTopics.size() > MAX_OWN_TOPICS) {
            ownTopics.remove(ownTopics.keySet().iterator().next());
        }
        return own;
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
        if (ageNanos > sending.config().storeAge().toNanos()) {
            counters.drop(MessageDropReason.EXPIRED);
            return;
        }
        long now = context.loop().nanoTime();
        if (isKnown(envelope)) {
            counters.drop(MessageDropReason.DUPLICATE);
            serveRange(envelope, repair.store().get(envelope.origin(), envelope.number()));
            return;
        }
        Origins.Known known = repair.origins().met(envelope.origin(), now);
        IdWindow window = known.window(envelope.number());
        window.add(envelope.number());
        counters.received.increment();
        boolean repaired = envelope.has(EnvelopeFormat.REPAIR);
        if (repaired) {
            counters.repaired.increment();
        }
        Store.Stored stored = repair.store().add(envelope, now - ageNanos);
        repair.digests().newsStored();
        serveRange(envelope, stored);
        if (envelope.hops() > 0 && !isLarge(envelope.bytes())) {
            counters.relayed.increment();
            gossip(envelope, envelope.ageMillis());
        }
        holdBack.accept(envelope, repaired ? Arrival.REPAIR : arrival, window);
        repair.gaps().noticed(known, window, envelope.number());
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
        } else if (sending.outbox().waitingForOne() > sending.config().queueDepth()) {
            counters.drop(MessageDropReason.RELAY_FULL);
        } else {
            send(spread, mine, Completion.IGNORED);
        }
    }

    private void gossip(Envelope envelope, long ageMillis) {
        if (!context.gossip(() -> envelope.passedOn(envelope.hops() - 1, ageMillis, HashRange.NONE))) {
            counters.drop(MessageDropReason.RELAY_FULL);
        }
    }

    /** Sends packets to all these members, or to some of them, who pass the message on to the rest. */
    private void send(Spread spread, List<Member> members, Completion<Void> completion) {
        int parts = members.size() <= sending.config().directTargets() ? members.size() : partsOf(members.size());
        List<Tree.Part> split =
                Tree.split(members, spread.within(), parts, sending.self().name());
        repair.digests().introduce(Tree.strangers(split, repair.peers()));
        List<Tree.Part> tree = Tree.reliable(split, repair.peers());
        if (tree.isEmpty()) {
            completion.done(null, null);
            return;
        }
        int[] left = {tree.size()};
        long now = context.loop().nanoTime();
        // One for all who pass it on to nobody: there may be thousands of them.
        byte[] forNobody = spread.message(HashRange.NONE, now);
        for (Tree.Part part : tree) {
            Member first = repair.peers()
                    .mostReliableFirst(part.members(), member -> false)
                    .get(0);
            HashRange range = part.toPassOn();
            byte[] copy = range.isNone() ? forNobody : spread.message(range, now);
            sending.outbox().toOne(first, copy, (nothing, failure) -> {
                if (--left[0] == 0) {
                    completion.done(null, null);
                }
            });
        }
    }

    /** {@return into how many parts to divide, so that each of the first receivers has about as many to serve as the sender} */
    private int partsOf(int members) {
        return Math.min(sending.config().directTargets(), (int) Math.ceil(Math.sqrt(members)));
    }
}
