package io.memberlist.messaging;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's handlers and responders. Changed and asked from any thread. */
final class Subscriptions {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final String self;
    private final int queueDepth;
    private final MessagingCounters counters;
    private final Map<String, List<Handling>> byTopic = new ConcurrentHashMap<>();
    private final List<Handling> ofEveryTopic = new CopyOnWriteArrayList<>();
    private final Map<String, Responding> responders = new ConcurrentHashMap<>();

    Subscriptions(String self, int queueDepth, MessagingCounters counters) {
        this.self = self;
        this.queueDepth = queueDepth;
        this.counters = counters;
    }

    Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        Handling handling = new Handling(topic, handler, executor);
        byTopic.compute(topic, (key, there) -> {
            List<Handling> all = there == null ? new CopyOnWriteArrayList<>() : there;
            all.add(handling);
            return all;
        });
        return handling;
    }

    Subscription subscribeAll(MessageHandler handler, Executor executor) {
        Handling handling = new Handling("", handler, executor);
        ofEveryTopic.add(handling);
        return handling;
    }

    Subscription respond(String topic, RequestResponder responder, Executor executor) {
        Responding responding = new Responding(topic, responder, executor);
        if (responders.putIfAbsent(topic, responding) != null) {
            throw new MessagingException(
                    "the topic '" + topic + "' has a responder already: close that one, or choose another topic");
        }
        return responding;
    }

    /** {@return whether anybody listens to anything} */
    boolean any() {
        return !byTopic.isEmpty() || !ofEveryTopic.isEmpty() || !responders.isEmpty();
    }

    /** Hands a message to everybody who asked for its topic. */
    void deliver(ClusterMessage message) {
        deliver(message, false);
    }

    /** @param held whether it has waited for an earlier one, and comes together with others that have */
    void deliver(ClusterMessage message, boolean held) {
        for (Handling handling : byTopic.getOrDefault(message.topic(), List.of())) {
            handling.offer(message, held);
        }
        for (Handling handling : ofEveryTopic) {
            handling.offer(message, held);
        }
    }

    @Nullable
    Responding responder(String topic) {
        return responders.get(topic);
    }

    /** What handlers and responders have in common. */
    abstract class Line implements Subscription {
        private final String topic;
        private final SerialQueue queue;
        private final LongAdder dropped = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private volatile boolean closed;

        Line(String topic, Executor executor) {
            this.topic = topic;
            this.queue = new SerialQueue(
                    executor, self + ": a handler of topic '" + topic + "'", queueDepth, HoldBack.MAX_HELD);
        }

        /** {@return whether there was room} */
        final boolean offer(ClusterMessage message, boolean held) {
            boolean taken = queue.offer(message.payloadLength(), held, () -> {
                if (!closed) {
                    counters.delivered.increment();
                    call(message);
                }
            });
            if (!taken) {
                counters.drop(MessageDropReason.INCOMING_FULL);
                dropped.increment();
                if (dropped.sum() == 1) {
                    log.warn(
                            "{}: a handler of topic '{}' does not keep up: {} messages wait, more are dropped",
                            self,
                            topic,
                            queue.waiting());
                }
            }
            return taken;
        }

        abstract void call(ClusterMessage message);

        final void failed(Throwable failure) {
            failed.increment();
            counters.handlerFailures.increment();
            if (failure instanceof MessagingException) {
                // Of what others send, which may come often; it is told to who sent it.
                log.debug("{}: topic '{}': {}", self, topic, failure.getMessage());
            } else {
                log.error("{}: a handler of topic '{}' failed", self, topic, failure);
            }
        }

        @Override
        public final String topic() {
            return topic;
        }

        @Override
        public final int waiting() {
            return queue.waiting();
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

    private final class Handling extends Line {
        private final MessageHandler handler;

        Handling(String topic, MessageHandler handler, Executor executor) {
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

    /** One who answers. */
    final class Responding extends Line {
        private final RequestResponder responder;
        private final Map<ClusterMessage, Answer> asked = new ConcurrentHashMap<>();

        Responding(String topic, RequestResponder responder, Executor executor) {
            super(topic, executor);
            this.responder = responder;
        }

        /** {@return whether there was room; the answer hears how it ended, on whatever thread} */
        boolean ask(ClusterMessage request, Answer answer) {
            asked.put(request, answer);
            boolean taken = offer(request, false);
            if (!taken) {
                asked.remove(request);
            }
            return taken;
        }

        @Override
        void call(ClusterMessage request) {
            Answer answer = asked.remove(request);
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
            for (ClusterMessage request : asked.keySet()) {
                Answer answer = asked.remove(request);
                if (answer != null) {
                    answer.done(null, new MessagingException("the responder of topic '" + topic() + "' was closed"));
                }
            }
        }
    }

    /** Hears what a responder says. */
    @FunctionalInterface
    interface Answer {
        /** @param payload the answer, or null with a failure */
        void done(byte @Nullable [] payload, @Nullable Throwable failure);
    }
}
