package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.extension.Extension;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageHandler;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.NoResponderException;
import io.memberlist.messaging.message.OutgoingQueueFullException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.ResponderException;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessagingStatistics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Messages that reach everybody, and messages to one member, by topic.
 *
 * <pre>{@code
 * ClusterMessaging messaging = ClusterMessaging.create();
 * Memberlist member = Memberlist.create(
 *         MemberlistConfig.lan().extension(messaging.extension()).build());
 * messaging.subscribe("prices", message -> System.out.println(message.payloadText()));
 * messaging.broadcast("prices", "42".getBytes(UTF_8));
 * }</pre>
 *
 * <p>A broadcast gets to every live member, this one included, exactly once as far as a member's memory of ids reaches.
 * What one origin broadcasts on one topic arrives in that order where nothing was lost. What was missed comes later, within
 * {@link MessagingConfig#storeAge} and {@link
 * MessagingConfig#storeSize}.
 *
 * <p>Every method may be called from any thread, handlers included. Futures complete off the protocol's thread. A topic is
 * 1 to {@value ClusterMessage#TOPIC_MAX_BYTES} bytes of UTF-8. Headers are small named strings that travel with a message: at most
 * {@value ClusterMessage#HEADERS_MAX_COUNT}, and {@value ClusterMessage#HEADERS_MAX_BYTES} bytes together. Whatever breaks a bound is refused at once
 * with a {@link MemberlistException} that names it. Where the way out is full, futures fail with {@link
 * OutgoingQueueFullException}.
 *
 * <p>Handlers run off the protocol's thread, each on an ordered executor of its own behind a queue of {@link
 * MessagingConfig#handlerQueueDepth} messages: one that throws is logged, one that hangs loses what its
 * queue does not hold, and neither touches another.
 */
public interface ClusterMessaging {
    /** {@return cluster messages for one member, with the default settings} */
    static ClusterMessaging create() {
        return create(MessagingConfig.builder().build());
    }

    /** {@return cluster messages for one member} Give its {@link #extension} to the configuration of that member. */
    static ClusterMessaging create(MessagingConfig config) {
        return new DefaultClusterMessaging(config);
    }

    /**
     * {@return the cluster messages of a member}
     *
     * @throws MemberlistException if the member was created without
     */
    static ClusterMessaging of(Memberlist member) {
        return of(member.config());
    }

    /**
     * {@return the cluster messages that a configuration holds}
     *
     * @throws MemberlistException if it holds none
     */
    static ClusterMessaging of(MemberlistConfig config) {
        for (Extension extension : config.extensions()) {
            if (extension instanceof DefaultClusterMessaging.Layer layer) {
                return layer.messaging();
            }
        }
        throw new MemberlistException("member '" + config.nodeName() + "' has no cluster messages: give"
                + " ClusterMessaging.create().extension() to its configuration before it is created");
    }

    /**
     * {@return what takes part in the work of the member, to be given to its configuration} It belongs to one member at a
     * time: a second one that it is given to does not start. When the member is started again, subscriptions go on.
     */
    Extension extension();

    /** {@return the settings} */
    MessagingConfig config();

    /** As {@link #broadcast(String, byte[], Map)}, without headers. */
    default CompletableFuture<MessageId> broadcast(String topic, byte[] payload) {
        return broadcast(topic, payload, Map.of());
    }

    /**
     * Sends a message to every member, also to those that hear of it only through others. This member's own subscriptions
     * get it as well.
     *
     * @param payload copied; what fits no packet travels over streams, up to {@link
     *     io.memberlist.config.LimitsConfig#userMessageSize} with its envelope
     * @return completed when the message has been handed to the network for those that this member sends it to itself;
     *     from there on it needs no help from here
     */
    CompletableFuture<MessageId> broadcast(String topic, byte[] payload, Map<String, String> headers);

    /** As {@link #send(Member, String, byte[], Delivery, Map)}, without headers. */
    default CompletableFuture<MessageId> send(Member to, String topic, byte[] payload, Delivery delivery) {
        return send(to, topic, payload, delivery, Map.of());
    }

    /**
     * Sends a message to one member; this member itself is allowed.
     *
     * <p>A member that has the message gives it to each handler of the topic that has room. A handler whose queue is full loses
     * it: the other member logs a warning and counts it as {@code incoming_full}, and the future does not tell. Where the sender
     * must know that the message was handled, or that it was not, {@linkplain #request request} an answer.
     *
     * @return completed when the packet has left or, where it is reliable, when the other member has it, which is before its
     *     handlers have it; fails with {@link java.io.IOException} where the network refuses or the member does not take it within
     *     the {@link io.memberlist.config.NetworkConfig#tcpTimeout}, though it may have come then, or with {@link
     *     MemberlistException} if a best-effort message fits no packet
     */
    CompletableFuture<MessageId> send(
            Member to, String topic, byte[] payload, Delivery delivery, Map<String, String> headers);

    /** As {@link #request(Member, String, byte[], Duration, Map)}, without headers. */
    default CompletableFuture<ClusterMessage> request(Member to, String topic, byte[] payload, Duration timeout) {
        return request(to, topic, payload, timeout, Map.of());
    }

    /**
     * Asks one member, over a stream, and waits for the answer of its responder.
     *
     * @param timeout how long the answer may take; longer than zero
     * @return the answer. Fails with {@link NoResponderException} where nobody answers that topic over there, with {@link
     *     ResponderException} where the responder failed or is overrun, with {@link
     *     java.util.concurrent.TimeoutException} when the time is over, and with {@link java.io.IOException} where the
     *     member cannot be reached. Cancel it to give up.
     */
    CompletableFuture<ClusterMessage> request(
            Member to, String topic, byte[] payload, Duration timeout, Map<String, String> headers);

    /** Has broadcasts and messages of a topic handled. A topic may have any number of handlers. */
    Subscription subscribe(String topic, MessageHandler handler);

    /**
     * As {@link #subscribe(String, MessageHandler)}, on threads of the caller's.
     *
     * @param executor runs the handler, one message at a time
     */
    Subscription subscribe(String topic, MessageHandler handler, Executor executor);

    /** Has broadcasts and messages of every topic handled. */
    Subscription subscribeAll(MessageHandler handler);

    /** As {@link #subscribeAll(MessageHandler)}, on threads of the caller's. */
    Subscription subscribeAll(MessageHandler handler, Executor executor);

    /**
     * Has requests of a topic answered.
     *
     * @throws MemberlistException if the topic has a responder already
     */
    Subscription respond(String topic, RequestResponder responder);

    /** As {@link #respond(String, RequestResponder)}, on threads of the caller's. */
    Subscription respond(String topic, RequestResponder responder, Executor executor);

    /** {@return the largest payload that a message without headers can have and still travel in packets, in bytes} */
    int maxPacketPayload(String topic);

    /** {@return what was counted since this was created, and what is held now} */
    MessagingStatistics statistics();
}
