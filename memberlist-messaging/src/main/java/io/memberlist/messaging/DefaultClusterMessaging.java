package io.memberlist.messaging;

import io.memberlist.extension.Extension;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.broadcast.HoldBack;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.metrics.MessagingStatistics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What the application sees, and the extension behind it. The subscriptions outlive the lives of the member. */
final class DefaultClusterMessaging implements ClusterMessaging {
    private final MessagingConfig config;
    private final MessagingCounters counters = new MessagingCounters();
    private final Subscriptions subscriptions;
    private final Layer layer = new Layer();
    /** Of the latest life of the member; null before the first. */
    private volatile @Nullable MessagingNode node;

    DefaultClusterMessaging(MessagingConfig config) {
        this.config = config;
        this.subscriptions = new Subscriptions(this::memberName, config, HoldBack.MAX_HELD, counters);
    }

    /** Starts and ends lives, and hands over what comes in. */
    final class Layer implements Extension {
        /** Members may have loops of their own, so two of them could begin at the same time. */
        private final AtomicBoolean attached = new AtomicBoolean();

        /** {@return the messaging that this layer is of} */
        ClusterMessaging messaging() {
            return DefaultClusterMessaging.this;
        }

        @Override
        public void start(ExtensionContext context) {
            if (!attached.compareAndSet(false, true)) {
                throw new MemberlistException("the cluster messages given to member '" + context.name()
                        + "' belong to member '" + memberName() + "': create a ClusterMessaging for each member");
            }
            node = new MessagingNode(context, config, counters, subscriptions);
        }

        @Override
        public void stop() {
            life().stop();
            attached.set(false);
        }

        @Override
        public boolean claims(byte[] payload) {
            return EnvelopeFormat.isEnvelope(payload);
        }

        @Override
        public void packetReceived(byte[] payload) {
            life().received(payload, Arrival.PACKET);
        }

        @Override
        public void streamReceived(byte[] payload) {
            life().received(payload, Arrival.STREAM);
        }

        @Override
        public void memberChanged(MemberEvent event) {
            life().memberChanged(event);
        }

        @Override
        public void stateExchanged(InetSocketAddress with) {
            life().stateExchanged(with);
        }
    }

    private MessagingNode life() {
        MessagingNode current = node;
        if (current == null) {
            throw new MessagingException("these cluster messages belong to no member yet: give extension() to the"
                    + " configuration of a member, and create it");
        }
        return current;
    }

    private String memberName() {
        MessagingNode current = node;
        return current == null ? "no member yet" : current.context().name();
    }

    private void offLoop(Runnable task) {
        life().context().loop().detach(task);
    }

    @Override
    public Extension extension() {
        return layer;
    }

    @Override
    public MessagingConfig config() {
        return config;
    }

    @Override
    public CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        return life().outgoing().broadcast(topic, payload, headers);
    }

    @Override
    public CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        return life().outgoing().send(to, topic, payload, delivery, headers);
    }

    @Override
    public CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        return life().outgoing().request(to, topic, payload, timeout, headers);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler) {
        return subscribe(topic, handler, this::offLoop);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        MessageRules.topic(topic);
        return subscriptions.subscribe(topic, handler, executor);
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler) {
        return subscribeAll(handler, this::offLoop);
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        return subscriptions.subscribeAll(handler, executor);
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder) {
        return respond(topic, responder, this::offLoop);
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        MessageRules.topic(topic);
        return subscriptions.respond(topic, responder, executor);
    }

    @Override
    public int maxPacketPayload(String topic) {
        return life().outgoing().maxPacketPayload(topic);
    }

    @Override
    public MessagingStatistics statistics() {
        MessagingNode current = node;
        return current == null ? counters.statistics(0, 0, 0, 0, 0) : current.statistics();
    }
}
