package io.memberlist.messaging.direct;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.logging.LogText;
import io.memberlist.member.Member;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.EnvelopeReader;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.message.NoResponderException;
import io.memberlist.messaging.message.ResponderException;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.outbox.StreamLane;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Messages to one member, requests and their answers. */
public final class Directs {
    private static final int MAX_REMEMBERED = 8192;
    private static final int ERROR_MAX_BYTES = 512;
    /** One member that asks and does not take the answers leaves room for others. */
    private static final int SHARE_OF_ONE = 4;

    private static final int MAX_CANCELS = 512;
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int NO_RESPONDER = 1;
    private static final int FAILED = 2;
    private static final int OVERRUN = 3;
    /** From the member that asked: it does not wait for the answer any more. */
    private static final int CANCELLED = 4;

    private final ExtensionContext context;
    private final Origin self;
    private final Sending sending;
    private final MessagingCounters counters;
    private final StreamLane streams;
    private final Subscriptions subscriptions;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final Map<String, Integer> answersWaiting = new HashMap<>();
    /** Packets may be doubled on their way: what came lately is known again. */
    private final Map<MessageId, Boolean> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    private long lastNumber;

    public Directs(Sending sending, Subscriptions subscriptions) {
        this.context = sending.context();
        this.self = sending.self();
        this.sending = sending;
        this.counters = sending.counters();
        this.streams = sending.streams();
        this.subscriptions = subscriptions;
    }

    private long numbered(byte[] message, long timeoutMillis) {
        EnvelopeFormat.numbered(message, EnvelopeFormat.TAKES_BUNDLES, ++lastNumber, timeoutMillis);
        counters.sent.increment();
        return lastNumber;
    }

    private record Pending(Member to, CompletableFuture<ClusterMessage> answer, EventLoop.Timer timer) {}

    public CompletableFuture<MessageId> send(Member to, byte[] message, Delivery delivery) {
        long number = numbered(message, 0);
        MessageId id = new MessageId(self.name(), self.instance(), number);
        if (to.name().equals(self.name())) {
            subscriptions.offer(EnvelopeFormat.readOwn(message).toMessage(MessageKind.DIRECT, Arrival.LOCAL, false));
            return CompletableFuture.completedFuture(id);
        }
        CompletableFuture<MessageId> sent = new CompletableFuture<>();
        Completion<Void> completion = Completion.of(sent, id);
        if (delivery == Delivery.RELIABLE) {
            streams.send(to, message, completion);
        } else {
            sending.outbox().toOne(to, message, completion);
        }
        return sent;
    }

    public CompletableFuture<ClusterMessage> request(Member to, byte[] message, String topic, Duration timeout) {
        Duration patience = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        long number = numbered(message, Math.max(1, patience.toMillis()));
        CompletableFuture<ClusterMessage> answer = new CompletableFuture<>();
        EventLoop.Timer timer = context.loop()
                .schedule(
                        patience.toNanos(),
                        () -> answer.completeExceptionally(
                                new TimeoutException("no answer from " + LogText.printable(to.name()) + " on topic '"
                                        + topic + "' within " + timeout.toMillis() + " ms")));
        pending.put(number, new Pending(to, answer, timer));
        Completion<Void> sent = (nothing, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        };
        // Also where the caller gives up. What waits still must not delay those whose answers somebody waits for.
        answer.whenComplete((message2, failure) -> context.loop().execute(() -> {
            timer.cancel();
            boolean given = pending.remove(number) != null;
            if (failure != null) {
                streams.withdraw(sent);
            }
            if (failure != null && given) {
                cancel(to, topic, number);
            }
        }));
        if (to.name().equals(self.name())) {
            requested(EnvelopeFormat.readOwn(message), Arrival.LOCAL);
        } else {
            streams.send(to, message, sent);
        }
        return answer;
    }

    /** Tells the member that was asked, as far as a packet gets there. One that does not understand it ignores it. */
    private void cancel(Member asked, String topic, long number) {
        byte[] cancel = EnvelopeFormat.message(
                EnvelopeFormat.ERROR, self, context.loop().wallClock().toEpochMilli(), topic, Map.of(), new byte[] {
                    CANCELLED
                });
        EnvelopeFormat.numbered(cancel, EnvelopeFormat.TAKES_BUNDLES, number, self.instance());
        if (asked.name().equals(self.name())) {
            cancelled(EnvelopeFormat.readOwn(cancel));
        } else if (cancel.length <= context.maxPayload() && sending.outbox().hasRoomFor(asked, MAX_CANCELS)) {
            sending.outbox().toOne(asked, cancel, Completion.IGNORED);
        }
    }

    private static boolean isCancel(Envelope error) {
        return error.kind() == EnvelopeFormat.ERROR
                && error.payloadLength() > 0
                && error.bytes()[error.payloadAt()] == CANCELLED;
    }

    private void cancelled(Envelope cancel) {
        Subscriptions.ResponderSubscription responder = subscriptions.responder(cancel.topic());
        if (responder != null) {
            responder.cancel(cancel.id());
        }
    }

    public void received(Envelope envelope, Arrival arrival) throws EnvelopeException {
        switch (envelope.kind()) {
            case EnvelopeFormat.DIRECT, EnvelopeFormat.REQUEST -> {
                if (envelope.kind() == EnvelopeFormat.REQUEST && arrival == Arrival.PACKET) {
                    // Its answer would go to whichever member it names.
                    throw EnvelopeReader.malformed("a request in a packet");
                }
                if (recent.put(envelope.id(), Boolean.TRUE) != null) {
                    counters.drop(MessageDropReason.DUPLICATE);
                    return;
                }
                counters.received.increment();
                if (envelope.kind() == EnvelopeFormat.REQUEST) {
                    requested(envelope, arrival);
                } else {
                    subscriptions.offer(envelope.toMessage(MessageKind.DIRECT, arrival, false));
                }
            }
            case EnvelopeFormat.ANSWER, EnvelopeFormat.ERROR -> answered(envelope, arrival);
            default -> throw new EnvelopeException(MessageDropReason.VERSION, "an envelope of kind " + envelope.kind());
        }
    }

    private void requested(Envelope request, Arrival arrival) {
        Subscriptions.ResponderSubscription responder = subscriptions.responder(request.topic());
        if (responder == null) {
            answerError(request, NO_RESPONDER, "no responder for topic '" + request.topic() + "' at " + self.name());
            return;
        }
        ClusterMessage message = request.toMessage(MessageKind.REQUEST, arrival, false);
        long now = context.loop().nanoTime();
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(request.order());
        boolean taken = responder.ask(
                message,
                // Members of earlier versions do not say how long they wait.
                () -> timeoutNanos > 0 && context.loop().nanoTime() - now > timeoutNanos,
                (payload, failure) -> context.loop().execute(() -> {
                    if (payload == null) {
                        answerError(request, FAILED, failure == null ? "the responder answered null" : text(failure));
                    } else {
                        answer(request, EnvelopeFormat.ANSWER, payload);
                    }
                }));
        if (!taken) {
            answerError(request, OVERRUN, "the responder of topic '" + request.topic() + "' is overrun");
        }
    }

    private static String text(Throwable failure) {
        Throwable cause = Causes.unwrap(failure);
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    }

    private void answerError(Envelope request, int code, String text) {
        byte[] bytes = EnvelopeFormat.utf8(text);
        int length = Math.min(bytes.length, ERROR_MAX_BYTES);
        answer(
                request,
                EnvelopeFormat.ERROR,
                ByteBuffer.allocate(1 + length)
                        .put((byte) code)
                        .put(bytes, 0, length)
                        .array());
    }

    private void answer(Envelope request, int kind, byte[] payload) {
        byte[] answer = EnvelopeFormat.message(
                kind, self, context.loop().wallClock().toEpochMilli(), request.topic(), Map.of(), payload);
        if (answer.length > context.maxStreamPayload()) {
            answerError(request, FAILED, "the answer has " + payload.length + " bytes, above the limit");
            return;
        }
        EnvelopeFormat.numbered(
                answer,
                EnvelopeFormat.TAKES_BUNDLES,
                request.number(),
                request.origin().instance());
        if (request.origin().equals(self)) {
            counters.sent.increment();
            answered(EnvelopeFormat.readOwn(answer), Arrival.LOCAL);
            return;
        }
        Member asker = context.member(request.origin().name());
        if (asker == null) {
            counters.drop(MessageDropReason.UNREACHABLE);
            return;
        }
        int share = Math.max(1, sending.maxCaused() / SHARE_OF_ONE);
        if (streams.full() || answersWaiting.getOrDefault(asker.name(), 0) >= share) {
            counters.drop(MessageDropReason.OUTGOING_FULL);
            return;
        }
        counters.sent.increment();
        answersWaiting.merge(asker.name(), 1, Integer::sum);
        streams.send(asker, answer, (nothing, failure) -> {
            answersWaiting.computeIfPresent(asker.name(), (name, count) -> count > 1 ? count - 1 : null);
            if (failure != null) {
                counters.drop(MessageDropReason.UNREACHABLE);
            }
        });
    }

    private void answered(Envelope answer, Arrival arrival) {
        if (isCancel(answer)) {
            cancelled(answer);
            return;
        }
        Pending waiting = pending.get(answer.number());
        if (waiting == null
                || answer.order() != self.instance()
                || !waiting.to().name().equals(answer.origin().name())) {
            counters.drop(MessageDropReason.UNASKED);
            return;
        }
        pending.remove(answer.number());
        counters.received.increment();
        if (answer.kind() == EnvelopeFormat.ANSWER) {
            waiting.answer().complete(answer.toMessage(MessageKind.ANSWER, arrival, false));
        } else {
            waiting.answer().completeExceptionally(error(answer));
        }
    }

    private static Exception error(Envelope answer) {
        if (answer.payloadLength() < 1) {
            return new ResponderException("an error without a code");
        }
        // Applications log the messages of errors.
        String text = LogText.printable(new String(
                answer.bytes(),
                answer.payloadAt() + 1,
                Math.min(answer.payloadLength() - 1, ERROR_MAX_BYTES),
                StandardCharsets.UTF_8));
        return answer.bytes()[answer.payloadAt()] == NO_RESPONDER
                ? new NoResponderException(
                        text + ": start one there, by ClusterMessaging.respond, or by @ClusterRequestHandler in Spring")
                : new ResponderException(LogText.printable(answer.origin().name()) + ": " + text);
    }

    public void stop() {
        pending.values().forEach(waiting -> waiting.timer().cancel());
        pending.clear();
    }
}
