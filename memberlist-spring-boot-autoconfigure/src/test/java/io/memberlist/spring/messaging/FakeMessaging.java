package io.memberlist.spring.messaging;

import io.memberlist.Memberlist;
import io.memberlist.extension.Extension;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.spring.TestMembers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.mockito.Mockito;

/** Cluster messages of a cluster with one member: everything sent arrives at the member itself at once. */
public final class FakeMessaging implements ClusterMessaging {
    public final List<ClusterMessage> sent = new ArrayList<>();
    public final List<Subscription> closed = new ArrayList<>();
    private final Map<String, MessageHandler> handlers = new HashMap<>();
    private final Map<String, RequestResponder> responders = new HashMap<>();

    /** {@return a member of that name that knows one other, b, and whose messages are these} */
    public Memberlist member(String name) {
        return TestMembers.engine(
                TestMembers.member(name, MemberState.ALIVE, ""), TestMembers.member("b", MemberState.ALIVE, ""));
    }

    public Set<String> topics() {
        return handlers.keySet();
    }

    /** Delivers a message. */
    public void arrive(String topic, byte[] payload, Map<String, String> headers) throws Exception {
        arrive(message(MessageKind.BROADCAST, topic, payload, headers));
    }

    private void arrive(ClusterMessage message) throws Exception {
        MessageHandler handler = handlers.get(message.topic());
        if (handler != null) {
            handler.messageReceived(message);
        }
    }

    private ClusterMessage message(MessageKind kind, String topic, byte[] payload, Map<String, String> headers) {
        MessageId id = new MessageId("a", 7, sent.size() + 1L);
        return new ClusterMessage(
                id, kind, topic, headers, payload, 0, Instant.parse("2026-01-02T03:04:05Z"), Arrival.LOCAL, false);
    }

    private CompletableFuture<MessageId> deliver(ClusterMessage message) {
        sent.add(message);
        try {
            arrive(message);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return CompletableFuture.completedFuture(message.id());
    }

    @Override
    public Extension extension() {
        return Mockito.mock(Extension.class);
    }

    @Override
    public MessagingConfig config() {
        return MessagingConfig.builder().build();
    }

    @Override
    public CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers) {
        return deliver(message(MessageKind.BROADCAST, topic, payload, headers));
    }

    @Override
    public CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers) {
        return deliver(message(MessageKind.DIRECT, topic, payload, headers));
    }

    @Override
    public CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers) {
        ClusterMessage request = message(MessageKind.REQUEST, topic, payload, headers);
        sent.add(request);
        RequestResponder responder = responders.get(topic);
        if (responder == null) {
            return CompletableFuture.failedFuture(new MessagingException("nobody answers " + topic));
        }
        try {
            return responder
                    .answer(request)
                    .thenApply(answer -> message(MessageKind.ANSWER, topic, answer, Map.of()))
                    .toCompletableFuture();
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler) {
        handlers.put(topic, handler);
        return subscription(topic);
    }

    @Override
    public Subscription subscribe(String topic, MessageHandler handler, Executor executor) {
        return subscribe(topic, handler);
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription subscribeAll(MessageHandler handler, Executor executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder) {
        responders.put(topic, responder);
        return subscription(topic);
    }

    @Override
    public Subscription respond(String topic, RequestResponder responder, Executor executor) {
        return respond(topic, responder);
    }

    @Override
    public int maxPacketPayload(String topic) {
        return 1000;
    }

    @Override
    public MessagingStatistics statistics() {
        return MessagingStatistics.NONE;
    }

    private Subscription subscription(String topic) {
        return new Subscription() {
            @Override
            public String topic() {
                return topic;
            }

            @Override
            public int waiting() {
                return 0;
            }

            @Override
            public long dropped() {
                return 0;
            }

            @Override
            public long failed() {
                return 0;
            }

            @Override
            public void close() {
                closed.add(this);
            }
        };
    }
}
