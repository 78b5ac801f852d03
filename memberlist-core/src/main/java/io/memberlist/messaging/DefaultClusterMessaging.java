package io.memberlist.messaging;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.broadcast.Broadcasts;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.direct.Directs;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.OutgoingQueueFullException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.Repair;
import io.memberlist.transport.QueueLimit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What the application sees: checks what it gives, bounds what waits, and carries calls onto the loop. */
final class DefaultClusterMessaging implements ClusterMessaging {
    private final ExtensionContext port;
    private final MemberlistConfig config;
    private final Origin self;
    private final MessagingCounters counters;
    private final Repair repair;
    private final Subscriptions subscriptions;
    private final Broadcasts broadcasts;
    private final Directs directs;
    private final QueueLimit outgoing;

    DefaultClusterMessaging(
            Sending sending, Repair repair, Subscriptions subscriptions, Broadcasts broadcasts, Directs directs) {
        this.port = sending.port();
        this.config = sending.config();
        this.self = sending.self();
        this.counters = sending.counters();
        this.repair = repair;
        this.subscriptions = subscriptions;
        this.broadcasts = broadcasts;
        this.directs = directs;
        this.outgoing = new QueueLimit(config.messaging().queueDepth());
    }

    @Override
    public CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        byte[] message = message(EnvelopeFormat.BROADCAST, topic, payload, headers);
        return admitted(message, () -> broadcasts.send(message, topic));
    }

    @Override
    public CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        byte[] message = message(EnvelopeFormat.DIRECT, topic, payload, headers);
        if (delivery == Delivery.BEST_EFFORT && message.length > port.maxPayload()) {
            throw new MessagingException("a best-effort message of " + payload.length + " bytes takes "
                    + message.length + " with its envelope and fits no packet, which takes " + port.maxPayload()
                    + ": send it reliably, or raise network.udpBufferSize");
        }
        return admitted(message, () -> directs.send(to, message, delivery));
    }

    @Override
    public CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new MessagingException("the timeout is " + timeout + ": it must be longer than zero");
        }
        byte[] message = message(EnvelopeFormat.REQUEST, topic, payload, headers);
        return admitted(
                message,
                () -> directs.full()
                        ? CompletableFuture.failedFuture(full("requests wait for their answers"))
                        : directs.request(to, message, topic, timeout));
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler) {
        return subscribe(topic, handler, port.loop()::detach);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        MessageRules.topic(topic);
        return subscriptions.subscribe(topic, handler, executor);
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler) {
        return subscribeAll(handler, port.loop()::detach);
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        return subscriptions.subscribeAll(handler, executor);
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder) {
        return respond(topic, responder, port.loop()::detach);
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        MessageRules.topic(topic);
        return subscriptions.respond(topic, responder, executor);
    }

    @Override
    public int maxPacketPayload(String topic) {
        int envelope = EnvelopeFormat.message(EnvelopeFormat.BROADCAST, self, 0, topic, Map.of(), new byte[0]).length;
        return Math.max(0, port.packetRoom() - port.payloadOverhead() - envelope);
    }

    @Override
    public MessagingStatistics statistics() {
        return new MessagingStatistics(
                counters.broadcasts.sum(),
                counters.sent.sum(),
                counters.received.sum(),
                counters.delivered.sum(),
                counters.handlerFailures.sum(),
                counters.relayed.sum(),
                counters.repaired.sum(),
                counters.repairsSent.sum(),
                counters.late.sum(),
                counters.streamRetries.sum(),
                outgoing.count(),
                repair.store().size(),
                repair.store().bytes(),
                broadcasts.held(),
                repair.origins().size(),
                counters.drops());
    }

    private byte[] message(int kind, String topic, byte[] payload, Map<String, String> headers) {
        if (!config.messaging().enabled()) {
            throw new MessagingException("cluster messages are switched off: set messaging.enabled to true");
        }
        MessageRules.topic(topic);
        MessageRules.headers(headers);
        MessageRules.payload(payload.length, config.limits().userMessageSize());
        byte[] message =
                EnvelopeFormat.message(kind, self, port.loop().wallClock().toEpochMilli(), topic, headers, payload);
        MessageRules.whole(payload.length, message.length, config.limits().userMessageSize());
        return message;
    }

    /** Bounds what waits to leave, so that a fast caller cannot pile it up. */
    private <T> CompletableFuture<T> admitted(byte[] message, Supplier<CompletableFuture<T>> action) {
        if (!outgoing.tryAcquire(message.length)) {
            counters.drop(MessageDropReason.OUTGOING_FULL);
            return CompletableFuture.failedFuture(full("messages wait to be sent"));
        }
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<T> result = port.onLoop(() -> {
            if (!begun.compareAndSet(false, true)) {
                return CompletableFuture.failedFuture(new CancellationException());
            }
            return begun(message, action);
        });
        result.whenComplete((value, failure) -> {
            if (begun.compareAndSet(false, true)) {
                outgoing.release(message.length);
            }
        });
        return result;
    }

    /** What has begun waits until it has left, also where the caller has given up its own future meanwhile. */
    private <T> CompletableFuture<T> begun(byte[] message, Supplier<CompletableFuture<T>> action) {
        try {
            CompletableFuture<T> outcome = action.get();
            outcome.whenComplete((value, failure) -> outgoing.release(message.length));
            return outcome;
        } catch (RuntimeException e) {
            outgoing.release(message.length);
            throw e;
        }
    }

    private OutgoingQueueFullException full(String what) {
        return new OutgoingQueueFullException(outgoing.count() + " " + what + " (of " + outgoing.bytes()
                + " bytes); the limit is " + config.messaging().queueDepth()
                + ": wait for their futures, or raise messaging.queueDepth");
    }
}
