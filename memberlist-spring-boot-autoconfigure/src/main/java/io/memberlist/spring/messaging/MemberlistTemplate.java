package io.memberlist.spring.messaging;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.spring.observation.ClusterMessageObservations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Sends objects to other members.
 *
 * <pre>{@code
 * template.broadcast(new OrderPlaced(4711));
 * template.send("orders-2", new CacheInvalidated("prices"));
 * template.request("orders-2", new StockQuery(4711), Stock.class).thenAccept(...);
 * }</pre>
 *
 * <p>The topic is that of the object's class, as {@link ClusterTopics} says, unless one is named. Messages arrive as {@link
 * io.memberlist.spring.event.ClusterMessageEvent}s at members where a listener names the type; requests are answered by
 * {@link ClusterRequestHandler}s. Futures fail with {@link MemberlistException}s and
 * {@link java.io.IOException}s as {@link io.memberlist.messaging.ClusterMessaging} says, and also where the object cannot
 * be converted or the member is not known; calls without a payload or a topic throw an {@link IllegalArgumentException}, and
 * calls with an object that could arrive nowhere, such as a list without a topic, an {@link UnusableMessageTypeException}.
 * Safe from any thread.
 */
public class MemberlistTemplate {
    private final Memberlist memberlist;
    private final ClusterMessaging messaging;
    private final ClusterMessageMapping mapping;
    private final ClusterMessageObservations observations;
    private final Duration requestTimeout;

    /**
     * @param memberlist the member that sends
     * @param messaging the cluster messages of the member
     * @param mapping the topics and payloads of objects
     * @param observations observes each message
     * @param requestTimeout how long an answer may take by default
     */
    public MemberlistTemplate(
            Memberlist memberlist,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            Duration requestTimeout) {
        this.memberlist = memberlist;
        this.messaging = messaging;
        this.mapping = mapping;
        this.observations = observations;
        this.requestTimeout = requestTimeout;
    }

    /** Sends an object to every member, this one included. As {@link #broadcast(String, Object)}. */
    public CompletableFuture<MessageId> broadcast(Object payload) {
        return broadcast(topicOf(payload), payload);
    }

    /**
     * Sends an object to every member, this one included.
     *
     * @return completed when the network has taken it for the members that this member sends it to directly
     */
    public CompletableFuture<MessageId> broadcast(String topic, Object payload) {
        return sending(
                MessageKind.BROADCAST,
                topic,
                null,
                payload,
                (bytes, headers) -> messaging.broadcast(topic, bytes, headers));
    }

    /** Sends an object to one member. As {@link #send(Member, String, Object)}. */
    public CompletableFuture<MessageId> send(Member to, Object payload) {
        return send(to, topicOf(payload), payload);
    }

    /** Sends an object to the member of that name. As {@link #send(Member, String, Object)}. */
    public CompletableFuture<MessageId> send(String to, Object payload) {
        Member member = memberlist.member(to).orElse(null);
        return member == null ? unknown(to) : send(member, payload);
    }

    /**
     * Sends an object to one member, over a stream.
     *
     * @return completed when the other member has it, which is before its listeners have it: where their queue is full it is lost,
     *     which the other member logs and counts. Send a request where the sender must know.
     */
    public CompletableFuture<MessageId> send(Member to, String topic, Object payload) {
        return sending(
                MessageKind.DIRECT,
                topic,
                to.name(),
                payload,
                (bytes, headers) -> messaging.send(to, topic, bytes, Delivery.RELIABLE, headers));
    }

    /** Asks one member. As {@link #request(Member, String, Object, Class, Duration)}. */
    public <R> CompletableFuture<R> request(Member to, Object payload, Class<R> answer) {
        return request(to, topicOf(payload), payload, answer, requestTimeout);
    }

    /** Asks the member of that name. As {@link #request(Member, String, Object, Class, Duration)}. */
    public <R> CompletableFuture<R> request(String to, Object payload, Class<R> answer) {
        Member member = memberlist.member(to).orElse(null);
        return member == null ? unknown(to) : request(member, payload, answer);
    }

    /**
     * Asks one member and waits for the answer. Cancel the future to give up.
     *
     * @param answer the type to convert the answer to; {@code Void.class} if no answer is wanted
     * @param timeout how long the answer may take
     * @return the answer, null where it is empty; fails as {@link io.memberlist.messaging.ClusterMessaging#request} does
     */
    public <R> CompletableFuture<R> request(
            Member to, String topic, Object payload, Class<R> answer, Duration timeout) {
        CompletableFuture<ClusterMessage> asked = sending(
                MessageKind.REQUEST,
                topic,
                to.name(),
                payload,
                (bytes, headers) -> messaging.request(to, topic, bytes, timeout, headers));
        CompletableFuture<R> answered = new CompletableFuture<>();
        asked.whenComplete((message, failure) -> {
            if (failure != null) {
                answered.completeExceptionally(failure);
                return;
            }
            try {
                answered.complete(object(message, answer));
            } catch (RuntimeException e) {
                answered.completeExceptionally(e);
            }
        });
        answered.whenComplete((value, failure) -> {
            if (answered.isCancelled()) {
                asked.cancel(false);
            }
        });
        return answered;
    }

    private <R> @Nullable R object(ClusterMessage message, Class<R> answer) {
        boolean nothing = answer == Void.class || message.payloadLength() == 0 && answer != byte[].class;
        return nothing && answer != String.class
                ? null
                : mapping.converter().toObject(message.payload(), message.headers(), answer);
    }

    private <T> CompletableFuture<T> sending(
            MessageKind kind, String topic, @Nullable String to, Object payload, Call<T> call) {
        Assert.hasText(topic, "topic must not be empty");
        requirePayload(payload);
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            byte[] bytes = mapping.converter().toPayload(payload, headers);
            return observations.sending(kind, topic, to, headers, () -> call.with(bytes, headers));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String topicOf(Object payload) {
        requirePayload(payload);
        return mapping.topics().topicOf(payload);
    }

    private static void requirePayload(Object payload) {
        Assert.notNull(payload, "payload must not be null: a message without content is an empty record, or a byte[0]");
    }

    private static <T> CompletableFuture<T> unknown(String name) {
        return CompletableFuture.failedFuture(new MemberlistException(
                "no member '" + name + "' is known: name one of Memberlist.members(), and mind that a member that joins"
                        + " is known only after a moment"));
    }

    /** Sends a payload in one of the ways there are. */
    @FunctionalInterface
    private interface Call<T> {
        CompletableFuture<T> with(byte[] payload, Map<String, String> headers);
    }
}
