package io.memberlist.messaging.delivery;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessageDropReason;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.transport.Completion;
import io.memberlist.transport.QueueLimit;
import io.memberlist.transport.SerialExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Holds the application's handlers and responders, and hands messages to them. Safe from any thread. */
public final class Subscriptions {
    /** A full queue from which nothing was taken for so long is that of a handler that hangs. */
    static final long HANGS_NANOS = 10_000_000_000L;

    private static final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger("io.memberlist"));

    private final Supplier<String> self;
    private final int queueDepth;
    private final int requestConcurrency;
    private final int maxHeld;
    private final MessagingCounters counters;
    private final Map<String, List<HandlerSubscription>> byTopic = new ConcurrentHashMap<>();
    private final List<HandlerSubscription> ofEveryTopic = new CopyOnWriteArrayList<>();
    private final Map<String, ResponderSubscription> responders = new ConcurrentHashMap<>();

    /**
     * @param self the name of the member, for the log
     * @param config the depth of each queue, and how many requests of a topic are answered at the same time
     * @param maxHeld how many broadcasts may wait beyond that, which come together since they were held back
     */
    public Subscriptions(Supplier<String> self, MessagingConfig config, int maxHeld, MessagingCounters counters) {
        this.self = self;
        this.queueDepth = config.handlerQueueDepth();
        this.requestConcurrency = config.requestConcurrency();
        this.maxHeld = maxHeld;
        this.counters = counters;
    }

    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        HandlerSubscription subscription = new HandlerSubscription(topic, handler, executor);
        byTopic.compute(topic, (key, there) -> {
            List<HandlerSubscription> all = there == null ? new CopyOnWriteArrayList<>() : there;
            all.add(subscription);
            return all;
        });
        return subscription;
    }

    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        HandlerSubscription subscription = new HandlerSubscription("", handler, executor);
        ofEveryTopic.add(subscription);
        return subscription;
    }

    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        ResponderSubscription subscription = new ResponderSubscription(topic, responder, executor);
        if (responders.putIfAbsent(topic, subscription) != null) {
            throw new MessagingException(
                    "the topic '" + topic + "' has a responder already: close that one, or choose another topic");
        }
        return subscription;
    }

    /** {@return whether anybody listens to anything} */
    public boolean any() {
        return !byTopic.isEmpty() || !ofEveryTopic.isEmpty() || !responders.isEmpty();
    }

    /**
     * {@return for how many broadcasts every handler of a topic has room} Handlers that hang are not waited for. To be called
     * on the loop.
     *
     * @param now the loop's time in nanoseconds
     */
    public int room(String topic, long now) {
        return least(topic, subscription -> subscription.room(now));
    }

    /**
     * {@return whether there is room for a broadcast that later ones wait for} They were taken in, and hold some room until it
     * has come.
     */
    public boolean hasRoomForAwaited(String topic, long now) {
        return least(topic, subscription -> subscription.room(now) + maxHeld) > 0;
    }

    private int least(String topic, ToIntFunction<HandlerSubscription> room) {
        int least = Integer.MAX_VALUE;
        for (HandlerSubscription subscription : byTopic.getOrDefault(topic, List.of())) {
            least = Math.min(least, room.applyAsInt(subscription));
        }
        for (HandlerSubscription subscription : ofEveryTopic) {
            least = Math.min(least, room.applyAsInt(subscription));
        }
        return least;
    }

    /** Hands a broadcast that was taken in to every handler of its topic. Only one that hangs may lose it. */
    public void deliver(ClusterMessage broadcast) {
        handlers(broadcast.topic(), subscription -> subscription.take(broadcast));
    }

    /** Hands a message to one member to every handler of its topic that has room for it. */
    public void offer(ClusterMessage message) {
        handlers(message.topic(), subscription -> subscription.offer(message));
    }

    private void handlers(String topic, Consumer<HandlerSubscription> action) {
        byTopic.getOrDefault(topic, List.of()).forEach(action);
        ofEveryTopic.forEach(action);
    }

    @Nullable
    public ResponderSubscription responder(String topic) {
        return responders.get(topic);
    }

    /** What handlers and responders have in common: a queue of messages, counters, and an end. */
    abstract class QueuedSubscription implements Subscription {
        private final String topic;
        private final Executor queue;
        private final QueueLimit limit = new QueueLimit(queueDepth);
        /** Broadcasts that were taken in and had to wait for an earlier one come all at once, and are not refused any more. */
        private final QueueLimit beyond = limit.sharingBytes(maxHeld);

        private final LongAdder dropped = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicLong begun = new AtomicLong();
        private volatile boolean closed;

        /** @param concurrency how many calls at the same time */
        QueuedSubscription(String topic, Executor executor, int concurrency) {
            String name = self.get() + ": a handler of topic '" + topic + "'";
            this.topic = topic;
            this.queue = concurrency == 1
                    ? new SerialExecutor(executor, name)
                    : new ConcurrentExecutor(executor, concurrency, name);
        }

        /** {@return whether there was room} */
        final boolean offer(ClusterMessage message) {
            boolean taken = limit.tryAcquire(message.payloadLength());
            if (taken) {
                queue(limit, message);
            } else {
                lose();
            }
            return taken;
        }

        private void queue(QueueLimit held, ClusterMessage message) {
            queue.execute(() -> {
                held.release(message.payloadLength());
                handle(message);
            });
        }

        /** For what there was room for, though it may have waited for an earlier one since. */
        final void takeBeyondLimit(ClusterMessage message) {
            if (limit.tryAcquire(message.payloadLength())) {
                queue(limit, message);
            } else {
                beyond.acquire(message.payloadLength());
                queue(beyond, message);
            }
        }

        final int room() {
            return limit.hasRoomInBytes() ? queueDepth - waiting() : Integer.MIN_VALUE / 2;
        }

        final long begun() {
            return begun.get();
        }

        private void handle(ClusterMessage message) {
            begun.incrementAndGet();
            if (!closed) {
                counters.delivered.increment();
                call(message);
            }
        }

        private void lose() {
            counters.drop(MessageDropReason.INCOMING_FULL);
            dropped.increment();
            log.log(
                    Level.WARN,
                    this,
                    "{}: a handler of topic '{}' does not keep up: {} messages wait, more are dropped",
                    self.get(),
                    topic,
                    waiting());
        }

        abstract void call(ClusterMessage message);

        final void failed(Throwable failure) {
            failed.increment();
            counters.handlerFailures.increment();
            if (failure instanceof MessagingException) {
                // Caused by what others send, which may come often; the sender is told.
                log.log(Level.DEBUG, this, "{}: topic '{}': {}", self.get(), topic, failure.getMessage());
            } else {
                Object fault = List.of(this, ThrottledLog.fault(failure));
                log.log(Level.ERROR, fault, "{}: a handler of topic '{}' failed", self.get(), topic, failure);
            }
        }

        @Override
        public final String topic() {
            return topic;
        }

        @Override
        public final int waiting() {
            return limit.count() + beyond.count();
        }

        @Override
        public final long dropped() {
            return dropped.sum();
        }

        @Override
        public final long failed() {
            return failed.sum();
        }

        @Override
        public final void close() {
            closed = true;
            remove();
        }

        abstract void remove();
    }

    private final class HandlerSubscription extends QueuedSubscription {
        private final MessageHandler handler;
        private boolean full;
        private boolean hangs;
        private long fullSinceNanos;
        private long begunWhenFull;

        HandlerSubscription(String topic, MessageHandler handler, Executor executor) {
            super(topic, executor, 1);
            this.handler = handler;
        }

        /** {@return for how many broadcasts there is room; less than zero where more wait than may} */
        int room(long now) {
            int room = room();
            long begunNow = begun();
            if (room > 0 || !full || begunNow != begunWhenFull) {
                full = room <= 0;
                hangs = false;
                fullSinceNanos = now;
                begunWhenFull = begunNow;
            } else {
                hangs = now - fullSinceNanos > HANGS_NANOS;
            }
            return hangs ? queueDepth : room;
        }

        void take(ClusterMessage broadcast) {
            if (hangs) {
                offer(broadcast);
            } else {
                takeBeyondLimit(broadcast);
            }
        }

        @Override
        void call(ClusterMessage message) {
            try {
                handler.messageReceived(message);
            } catch (Throwable e) {
                failed(e);
            }
        }

        @Override
        void remove() {
            ofEveryTopic.remove(this);
            byTopic.computeIfPresent(topic(), (key, there) -> {
                there.remove(this);
                return there.isEmpty() ? null : there;
            });
        }
    }

    private record Request(BooleanSupplier expired, Completion<byte[]> answer) {}

    /** Answers the requests of a topic. */
    public final class ResponderSubscription extends QueuedSubscription {
        private final RequestResponder responder;
        private final Map<MessageId, Request> asked = new ConcurrentHashMap<>();
        private final Map<MessageId, CompletableFuture<byte[]>> running = new ConcurrentHashMap<>();

        ResponderSubscription(String topic, RequestResponder responder, Executor executor) {
            super(topic, executor, requestConcurrency);
            this.responder = responder;
        }

        /**
         * {@return whether there was room} If so, the answer is completed once, on whatever thread, unless nobody waits for
         * it any more.
         *
         * @param expired whether nobody waits for the answer any more; asked on whatever thread, before the responder is
         */
        public boolean ask(ClusterMessage request, BooleanSupplier expired, Completion<byte[]> answer) {
            asked.put(request.id(), new Request(expired, answer));
            boolean taken = offer(request);
            if (!taken) {
                asked.remove(request.id());
            }
            return taken;
        }

        /** Nobody waits for the answer any more: the request is not executed, or the future of its answer is cancelled. */
        public void cancel(MessageId request) {
            asked.remove(request);
            CompletableFuture<byte[]> answer = running.remove(request);
            if (answer != null) {
                answer.cancel(true);
            }
        }

        @Override
        void call(ClusterMessage message) {
            Request request = asked.remove(message.id());
            if (request == null) {
                return;
            }
            if (request.expired().getAsBoolean()) {
                counters.drop(MessageDropReason.EXPIRED);
                return;
            }
            try {
                CompletableFuture<byte[]> answer = responder.answer(message).toCompletableFuture();
                running.put(message.id(), answer);
                answer.whenComplete((payload, failure) -> {
                    boolean wanted = running.remove(message.id(), answer) || !answer.isCancelled();
                    if (failure != null && wanted) {
                        failed(failure);
                    }
                    if (wanted) {
                        request.answer().done(payload, failure);
                    }
                });
            } catch (Throwable e) {
                failed(e);
                request.answer().done(null, e);
            }
        }

        @Override
        void remove() {
            responders.remove(topic(), this);
            for (MessageId request : asked.keySet()) {
                Request waiting = asked.remove(request);
                if (waiting != null) {
                    waiting.answer()
                            .done(null, new MessagingException("the responder of topic '" + topic() + "' was closed"));
                }
            }
        }
    }
}
