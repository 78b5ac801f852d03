package io.memberlist;

import io.memberlist.member.Member;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessagingStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster messages of a member over its lives: carries subscriptions over from one life to the next. */
final class MessagingOverLives implements ClusterMessaging {
    private final Supplier<Life> life;
    private final List<Renewed> subscriptions = new ArrayList<>();

    /** @param life the present life */
    MessagingOverLives(Supplier<Life> life) {
        this.life = life;
    }

    /** Subscribes in a new life to everything that was subscribed to in the one before. */
    void subscribeAnew() {
        synchronized (subscriptions) {
            subscriptions.forEach(Renewed::renew);
        }
    }

    @Override
    public CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        return life.get().messaging().api().broadcast(topic, payload, headers);
    }

    @Override
    public CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        return life.get().messaging().api().send(to, topic, payload, delivery, headers);
    }

    @Override
    public CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        return life.get().messaging().api().request(to, topic, payload, timeout, headers);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler) {
        return keep(topic, messaging -> messaging.subscribe(topic, handler));
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        return keep(topic, messaging -> messaging.subscribe(topic, handler, executor));
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler) {
        return keep("", messaging -> messaging.subscribeAll(handler));
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        return keep("", messaging -> messaging.subscribeAll(handler, executor));
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder) {
        return keep(topic, messaging -> messaging.respond(topic, responder));
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        return keep(topic, messaging -> messaging.respond(topic, responder, executor));
    }

    @Override
    public int maxPacketPayload(String topic) {
        return life.get().messaging().api().maxPacketPayload(topic);
    }

    @Override
    public MessagingStatistics statistics() {
        return life.get().messaging().api().statistics();
    }

    private Subscription keep(String topic, Function<ClusterMessaging, Subscription> subscribe) {
        synchronized (subscriptions) {
            Renewed renewed = new Renewed(topic, subscribe);
            if (life.get().isRunning()) {
                renewed.renew();
            }
            subscriptions.add(renewed);
            return renewed;
        }
    }

    /** Counts what was counted in the present life. There is nothing to count before a member that is down is restarted. */
    private final class Renewed implements Subscription {
        private final String topic;
        private final Function<ClusterMessaging, Subscription> subscribe;
        private volatile @Nullable Subscription current;

        Renewed(String topic, Function<ClusterMessaging, Subscription> subscribe) {
            this.topic = topic;
            this.subscribe = subscribe;
        }

        void renew() {
            current = subscribe.apply(life.get().messaging().api());
        }

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public int waiting() {
            Subscription now = current;
            return now == null ? 0 : now.waiting();
        }

        @Override
        public long dropped() {
            Subscription now = current;
            return now == null ? 0 : now.dropped();
        }

        @Override
        public long failed() {
            Subscription now = current;
            return now == null ? 0 : now.failed();
        }

        @Override
        public void close() {
            synchronized (subscriptions) {
                subscriptions.remove(this);
                Subscription now = current;
                if (now != null) {
                    now.close();
                }
            }
        }
    }
}
