package io.memberlist.messaging.delivery;

import io.memberlist.logging.ThrottledLog;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Holds the application's handlers and responders, and hands messages to them. Safe from any thread. */
public final class Subscriptions {
    private static final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger("io.memberlist"));

    private final Supplier<String> self;
    private final int queueDepth;
    private final int maxHeld;
    private final MessagingCounters counters;
    private final Map<String, List<HandlerSubscription>> byTopic = new ConcurrentHashMap<>();
    private final List<HandlerSubscription> ofEveryTopic = new CopyOnWriteArrayList<>();
    private final Map<String, ResponderSubscription> responders = new ConcurrentHashMap<>();

    /**
     * @param self the name of the member, for the log
     * @param maxHeld how many more may wait that come together, for they were held back
     */
    public Subscriptions(Supplier<String> self, int queueDepth, int maxHeld, MessagingCounters counters) {
        this.self = self;
        this.queueDepth = queueDepth;
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
     * Hands a message to everybody who asked for its topic.
     *
     * @param heldBack whether it has waited for an earlier one, and comes together with others that have
     */
    public void deliver(ClusterMessage message, boolean heldBack) {
        for (HandlerSubscription subscription : byTopic.getOrDefault(message.topic(), List.of())) {
            subscription.offer(message, heldBack);
        }
        for (HandlerSubscription subscription : ofEveryTopic) {
            subscription.offer(message, heldBack);
        }
    }

    @Nullable
    public ResponderSubscription responder(String topic) {
        return responders.get(topic);
    }

    /** What handlers and responders have in common: a queue of messages, counters, and an end. */
    abstract class QueuedSubscription implements Subscription {
        private final String topic;
        private final SerialExecutor queue;
        private final QueueLimit limit = new QueueLimit(queueDepth);
        /** Messages that were held back for an earlier one come all at once, whatever pace they were sent at. */
        private final QueueLimit heldBackLimit = limit.sharingBytes(maxHeld);

        private final LongAdder dropped = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private volatile boolean closed;

        QueuedSubscription(String topic, Executor executor) {
            this.topic = topic;
            this.queue = new SerialExecutor(executor, self.get() + ": a handler of topic '" + topic + "'");
        }

        /** {@return whether there was room} */
        final boolean offer(ClusterMessage message, boolean heldBack) {
            QueueLimit room = heldBack ? heldBackLimit : limit;
            boolean taken = queue.offer(room, message.payloadLength(), () -> {
                if (!closed) {
                    counters.delivered.increment();
                    call(message);
                }
            });
            if (!taken) {
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
            return taken;
        }

        abstract void call(ClusterMessage message);

        final void failed(Throwable failure) {
            failed.increment();
            counters.handlerFailures.increment();
            if (failure instanceof MessagingException) {
                // Caused by what others send, which may come often; the sender is told.
                log.always(Level.DEBUG, "{}: topic '{}': {}", self.get(), topic, failure.getMessage());
            } else {
                log.log(Level.ERROR, this, "{}: a handler of topic '{}' failed", self.get(), topic, failure);
            }
        }

        @Override
        public final String topic() {
            return topic;
        }

        @Override
        public final int waiting() {
            return limit.count() + heldBackLimit.count();
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

        HandlerSubscription(String topic, MessageHandler handler, Executor executor) {
            super(topic, executor);
            this.handler = handler;
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

    /** Answers the requests of a topic. */
    public final class ResponderSubscription extends QueuedSubscription {
        private final RequestResponder responder;
        private final Map<MessageId, Completion<byte[]>> asked = new ConcurrentHashMap<>();

        ResponderSubscription(String topic, RequestResponder responder, Executor executor) {
            super(topic, executor);
            this.responder = responder;
        }

        /** {@return whether there was room} If so, the answer is completed once, on whatever thread. */
        public boolean ask(ClusterMessage request, Completion<byte[]> answer) {
            asked.put(request.id(), answer);
            boolean taken = offer(request, false);
            if (!taken) {
                asked.remove(request.id());
            }
            return taken;
        }

        @Override
        void call(ClusterMessage request) {
            Completion<byte[]> answer = asked.remove(request.id());
            if (answer == null) {
                return;
            }
            try {
                responder.answer(request).whenComplete((payload, failure) -> {
                    if (failure != null) {
                        failed(failure);
                    }
                    answer.done(payload, failure);
                });
            } catch (Throwable e) {
                failed(e);
                answer.done(null, e);
            }
        }

        @Override
        void remove() {
            responders.remove(topic(), this);
            for (MessageId request : asked.keySet()) {
                Completion<byte[]> answer = asked.remove(request);
                if (answer != null) {
                    answer.done(null, new MessagingException("the responder of topic '" + topic() + "' was closed"));
                }
            }
        }
    }
}
