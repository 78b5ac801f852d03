package io.memberlist.messaging.broadcast;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.IdWindow;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.messaging.repair.Store;
import io.memberlist.transport.Completion;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * This member's own broadcasts: numbers them, keeps them for repair, hands them to its own handlers and sends them. They wait
 * while its own handlers have no room, and while what others still lack would have to leave the store for them.
 */
public final class OwnBroadcasts {
    private static final int MAX_TOPICS = 65536;
    private static final long LOOK_NANOS = 10_000_000;
    /** Others remember so many numbers of one origin; what is further back than that they cannot tell from what they had. */
    private static final long MAX_AHEAD = IdWindow.SPAN * 3 / 4;

    private final ExtensionContext context;
    private final Sending sending;
    private final Repair repair;
    private final Subscriptions subscriptions;
    private final SmallFanOut small;
    private final LargeFanOut large;
    /** How long a message waits for a large one before it. */
    private final long behindLargeNanos;

    private final Map<String, Topic> topics = new LinkedHashMap<>(16, 0.75f, true);
    /** What waits, by topic: each waits for its own handlers. */
    private final Map<String, Queue<Waiting>> waiting = new LinkedHashMap<>();

    private boolean looking;
    private boolean stopped;
    private long lastNumber;

    OwnBroadcasts(Sending sending, Repair repair, Subscriptions subscriptions, SmallFanOut small, LargeFanOut large) {
        this.context = sending.context();
        this.sending = sending;
        this.repair = repair;
        this.subscriptions = subscriptions;
        this.small = small;
        this.large = large;
        this.behindLargeNanos = Math.max(
                context.streamTimeout().toNanos(), sending.config().holdBack().toNanos());
    }

    private static final class Topic {
        long order;
        boolean hadLarge;
        long largeNanos;
    }

    private record Waiting(byte[] message, CompletableFuture<MessageId> sent) {}

    /**
     * Sends one, at once or when there is room for it.
     *
     * @param message not numbered yet
     */
    public CompletableFuture<MessageId> send(byte[] message, String topic) {
        CompletableFuture<MessageId> sent = new CompletableFuture<>();
        Queue<Waiting> before = waiting.get(topic);
        if (before == null && storeHasRoom(message) && handlersHaveRoom(topic)) {
            send(message, topic, sent);
        } else {
            waiting.computeIfAbsent(topic, key -> new ArrayDeque<>()).add(new Waiting(message, sent));
            lookLater();
        }
        return sent;
    }

    void stop() {
        stopped = true;
        waiting.clear();
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            context.loop().schedule(LOOK_NANOS, this::look);
        }
    }

    private void look() {
        looking = false;
        Iterator<Map.Entry<String, Queue<Waiting>>> lines = waiting.entrySet().iterator();
        while (lines.hasNext() && !stopped) {
            Map.Entry<String, Queue<Waiting>> line = lines.next();
            String topic = line.getKey();
            Queue<Waiting> messages = line.getValue();
            while (!messages.isEmpty() && storeHasRoom(messages.element().message()) && handlersHaveRoom(topic)) {
                Waiting next = messages.remove();
                send(next.message(), topic, next.sent());
            }
            if (messages.isEmpty()) {
                lines.remove();
            }
        }
        if (!waiting.isEmpty()) {
            lookLater();
        }
    }

    private boolean handlersHaveRoom(String topic) {
        return subscriptions.room(topic, context.loop().nanoTime()) > 0;
    }

    private boolean storeHasRoom(byte[] message) {
        long firstLacked = repair.lacking().first();
        return (firstLacked == Long.MAX_VALUE || lastNumber - firstLacked < MAX_AHEAD)
                && repair.store().hasRoomForOwn(message.length);
    }

    private void send(byte[] message, String topic, CompletableFuture<MessageId> sent) {
        long now = context.loop().nanoTime();
        boolean isLarge = !context.fitsPacket(message.length);
        Topic own = topic(topic);
        boolean behindLarge = own.hadLarge && now - own.largeNanos < behindLargeNanos;
        if (isLarge) {
            own.hadLarge = true;
            own.largeNanos = now;
        }
        EnvelopeFormat.numbered(message, behindLarge ? EnvelopeFormat.BEHIND_LARGE : 0, ++lastNumber, ++own.order);
        Envelope envelope = EnvelopeFormat.readOwn(message);
        sending.counters().broadcasts.increment();
        Store.Stored stored = repair.store().addOwn(envelope);
        repair.digests().newsStored();
        subscriptions.deliver(envelope.toMessage(MessageKind.BROADCAST, Arrival.LOCAL, false));
        Completion<Void> completion = Completion.of(sent, envelope.id());
        List<Member> others = context.others();
        Completion<Void> left = (nothing, failure) -> {
            stored.left(!others.isEmpty(), context.loop().nanoTime());
            if (!isLarge) {
                // Not before: gossip would overtake what waits to leave, and others would take that for lost.
                small.gossip(envelope, stored.ageMillis(context.loop().nanoTime()));
            }
            completion.done(null, failure);
        };
        if (others.isEmpty()) {
            left.done(null, null);
        } else if (!isLarge && others.size() <= sending.config().directTargets()) {
            sending.outbox().toAll(message, left);
        } else {
            Spread spread = new Spread(envelope, HashRange.ALL, envelope.hops() - 1, now);
            if (isLarge) {
                large.send(spread, others, left);
            } else {
                small.send(spread, others, left);
            }
        }
    }

    private Topic topic(String topic) {
        Topic own = topics.computeIfAbsent(topic, key -> new Topic());
        if (topics.size() > MAX_TOPICS) {
            topics.remove(topics.keySet().iterator().next());
        }
        return own;
    }
}
