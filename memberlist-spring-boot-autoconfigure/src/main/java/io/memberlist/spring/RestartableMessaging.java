package io.memberlist.spring;

import io.memberlist.Member;
import io.memberlist.messaging.ClusterMessage;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.Delivery;
import io.memberlist.messaging.MessageHandler;
import io.memberlist.messaging.MessageId;
import io.memberlist.messaging.MessagingStatistics;
import io.memberlist.messaging.RequestResponder;
import io.memberlist.messaging.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** The messaging of a {@link RestartableMemberlist}: carries subscriptions over to the engine that follows. */
final class RestartableMessaging implements ClusterMessaging {
    private final Supplier<ClusterMessaging> engine;
    private final List<Renewed> subscriptions = new ArrayList<>();

    /** @param engine the messaging there is now */
    RestartableMessaging(Supplier<ClusterMessaging> engine) {
        this.engine = engine;
    }

    /** Subscribes at a new engine to everything that was subscribed to at the one before. */
    void subscribeAnew() {
        synchronized (subscriptions) {
            subscriptions.forEach(Renewed::renew);
        }
    }

    @Override
    public CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        return engine.get().broadcast(topic, payload, headers);
    }

    @Override
    public CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        return engine.get().send(to, topic, payload, delivery, headers);
    }

    @Override
    public CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        return engine.get().request(to, topic, payload, timeout, headers);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler) {
        return keep(messaging -> messaging.subscribe(topic, handler));
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        return keep(messaging -> messaging.subscribe(topic, handler, executor));
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler) {
        return keep(messaging -> messaging.subscribeAll(handler));
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        return keep(messaging -> messaging.subscribeAll(handler, executor));
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder) {
        return keep(messaging -> messaging.respond(topic, responder));
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        return keep(messaging -> messaging.respond(topic, responder, executor));
    }

    @Override
    public int maxPacketPayload(String topic) {
        return engine.get().maxPacketPayload(topic);
    }

    @Override
    public MessagingStatistics statistics() {
        return engine.get().statistics();
    }

    private Subscription keep(Function<ClusterMessaging, Subscription> subscribe) {
        synchronized (subscriptions) {
            Renewed renewed = new Renewed(subscribe);
            subscriptions.add(renewed);
            return renewed;
        }
    }

    /** Counts what the engine there is now counts. */
    private final class Renewed implements Subscription {
        private final Function<ClusterMessaging, Subscription> subscribe;
        private volatile Subscription current;

        Renewed(Function<ClusterMessaging, Subscription> subscribe) {
            this.subscribe = subscribe;
            this.current = subscribe.apply(engine.get());
        }

        void renew() {
            current = subscribe.apply(engine.get());
        }

        @Override
        public String topic() {
            return current.topic();
        }

        @Override
        public int waiting() {
            return current.waiting();
        }

        @Override
        public long dropped() {
            return current.dropped();
        }

        @Override
        public long failed() {
            return current.failed();
        }

        @Override
        public void close() {
            synchronized (subscriptions) {
                subscriptions.remove(this);
                current.close();
            }
        }
    }
}
