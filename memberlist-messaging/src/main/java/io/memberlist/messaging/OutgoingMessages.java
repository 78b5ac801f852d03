package io.memberlist.messaging;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.broadcast.Broadcasts;
import io.memberlist.messaging.direct.Directs;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.OutgoingQueueFullException;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.outbox.Sending;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Sends what the application gives, in one life of a member: checks it, bounds what waits, and carries it onto the loop. */
final class OutgoingMessages {
    private final ExtensionContext context;
    private final Sending sending;
    private final Broadcasts broadcasts;
    private final Directs directs;
    private final OutgoingLimit outgoing;

    OutgoingMessages(Sending sending, Broadcasts broadcasts, Directs directs) {
        this.context = sending.context();
        this.sending = sending;
        this.broadcasts = broadcasts;
        this.directs = directs;
        this.outgoing = new OutgoingLimit(sending.config().queueDepth(), context::settingName);
    }

    CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        byte[] message = message(EnvelopeFormat.BROADCAST, topic, payload, headers);
        return admitted(message, () -> broadcasts.own().send(message, topic), CompletableFuture::copy);
    }

    CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        byte[] message = message(EnvelopeFormat.DIRECT, topic, payload, headers);
        if (delivery == Delivery.BEST_EFFORT && message.length > context.maxPayload()) {
            throw new MessagingException("a best-effort message of " + payload.length + " bytes takes "
                    + message.length + " with its envelope and fits no packet, which takes " + context.maxPayload()
                    + ": send it reliably, or raise " + context.settingName("network.udpBufferSize"));
        }
        return admitted(message, () -> directs.send(to, message, delivery), CompletableFuture::copy);
    }

    CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new MessagingException("the timeout is " + timeout.toMillis() + " ms: it must be longer than zero");
        }
        byte[] message = message(EnvelopeFormat.REQUEST, topic, payload, headers);
        return admitted(message, () -> directs.request(to, message, topic, timeout), answer -> answer);
    }

    int maxPacketPayload(String topic) {
        byte[] envelope =
                EnvelopeFormat.message(EnvelopeFormat.BROADCAST, sending.self(), 0, topic, Map.of(), new byte[0]);
        return Math.max(0, context.packetRoom() - context.payloadOverhead() - envelope.length);
    }

    /** {@return how many messages wait to be sent} From any thread. */
    int waiting() {
        return outgoing.count();
    }

    private byte[] message(int kind, String topic, byte[] payload, Map<String, String> headers) {
        MessageRules.topic(topic);
        MessageRules.headers(headers);
        MessageRules.length(payload.length, payload.length, context);
        long now = context.loop().wallClock().toEpochMilli();
        byte[] message = EnvelopeFormat.message(kind, sending.self(), now, topic, headers, payload);
        MessageRules.length(payload.length, message.length, context);
        return message;
    }

    /**
     * Carries a message onto the loop, where there is room for one more that waits to leave.
     *
     * @param forCaller what the caller may cancel: the outcome itself where that takes the message back, else a copy of it
     */
    private <T> CompletableFuture<T> admitted(
            byte[] message, Supplier<CompletableFuture<T>> action, UnaryOperator<CompletableFuture<T>> forCaller) {
        OutgoingQueueFullException refusal = outgoing.acquire(message.length);
        if (refusal != null) {
            sending.counters().drop(MessageDropReason.OUTGOING_FULL);
            return CompletableFuture.failedFuture(refusal);
        }
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<T> result = context.onLoop(() -> {
            if (!begun.compareAndSet(false, true)) {
                return CompletableFuture.failedFuture(new CancellationException());
            }
            return forCaller.apply(begun(message, action));
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
}
