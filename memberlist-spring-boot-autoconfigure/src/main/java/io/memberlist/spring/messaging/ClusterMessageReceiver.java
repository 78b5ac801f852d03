package io.memberlist.spring.messaging;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.spring.CallbackThread;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.spring.messaging.RequestHandlers.Handler;
import io.memberlist.spring.observation.ClusterMessageObservations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Subscribes to the topics that the application's beans listen to. It publishes messages as {@link ClusterMessageEvent}s, in
 * order with all other events, and lets {@link ClusterRequestHandler}s answer requests. Messages of topics that no bean
 * names are not received.
 */
public final class ClusterMessageReceiver implements SmartInitializingSingleton, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(ClusterMessageReceiver.class);

    /** The engine's own limit: one warning in this time about what other members can cause in any number. */
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final ConfigurableListableBeanFactory beans;
    private final ClusterMessaging messaging;
    private final ClusterTopics topics;
    private final ClusterMessageConverter converter;
    private final ClusterMessageObservations observations;
    private final ApplicationEventPublisher publisher;
    private final MemberlistEventPublisher events;
    private final CallbackThread callbacks;
    private final @Nullable Executor requestExecutor;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean warned;
    private long warnedNanos;
    private long keptBack;

    /**
     * @param beans where to look for listeners and handlers
     * @param messaging the cluster messages to subscribe to
     * @param topics the topics of types
     * @param converter converts payloads to objects
     * @param observations observes each message
     * @param publisher publishes the events
     * @param events keeps all events in order
     * @param callbacks the thread of the events
     * @param requestExecutor runs the handlers of requests; null for the engine's own threads
     */
    public ClusterMessageReceiver(
            ConfigurableListableBeanFactory beans,
            ClusterMessaging messaging,
            ClusterTopics topics,
            ClusterMessageConverter converter,
            ClusterMessageObservations observations,
            ApplicationEventPublisher publisher,
            MemberlistEventPublisher events,
            CallbackThread callbacks,
            @Nullable Executor requestExecutor) {
        this.beans = beans;
        this.messaging = messaging;
        this.topics = topics;
        this.converter = converter;
        this.observations = observations;
        this.publisher = publisher;
        this.events = events;
        this.callbacks = callbacks;
        this.requestExecutor = requestExecutor;
    }

    @Override
    public void afterSingletonsInstantiated() {
        typesByTopic()
                .forEach((topic, type) -> subscriptions.add(messaging.subscribe(
                        topic,
                        message -> events.deliver(message.payloadLength(), member -> publish(member, message, type)),
                        callbacks.executor())));
        for (Handler handler : RequestHandlers.find(beans, topics)) {
            subscriptions.add(
                    requestExecutor == null
                            ? messaging.respond(handler.topic(), request -> answer(handler, request))
                            : messaging.respond(handler.topic(), request -> answer(handler, request), requestExecutor));
        }
    }

    @Override
    public void destroy() {
        subscriptions.forEach(Subscription::close);
    }

    private Map<String, Class<?>> typesByTopic() {
        Set<Class<?>> types = new LinkedHashSet<>(ListenedTypes.find(beans));
        topics.configured().forEach(types::add);
        Map<String, Class<?>> byTopic = new HashMap<>();
        for (Class<?> type : types) {
            if (type.getTypeParameters().length > 0) {
                throw new IllegalStateException(
                        type.getName() + " has type parameters, which do not travel: send, and listen"
                                + " to, a record that holds it");
            }
            String topic = topics.topic(type);
            Class<?> other = byTopic.put(topic, type);
            if (other != null) {
                throw new IllegalStateException("The topic '" + topic + "' belongs to " + other.getName() + " and to "
                        + type.getName() + ": give one of them another @ClusterTopic");
            }
        }
        return byTopic;
    }

    private void publish(Memberlist member, ClusterMessage message, Class<?> type) {
        try {
            observations.received(message, () -> {
                Object payload = converted(message, type);
                publisher.publishEvent(new ClusterMessageEvent<>(member, message, payload));
            });
        } catch (UnreadableMessageException e) {
            unreadable(message, type, e);
        }
    }

    /** Logs what other members cause, and may cause often: without the stack trace, and not one line for each message. */
    private synchronized void unreadable(ClusterMessage message, Class<?> type, UnreadableMessageException failure) {
        log.debug("What could not be converted", failure);
        long now = System.nanoTime();
        if (warned && now - warnedNanos < QUIET_NANOS) {
            keptBack++;
            return;
        }
        long more = keptBack;
        warned = true;
        warnedNanos = now;
        keptBack = 0;
        log.warn(
                "A message of {} on topic '{}' cannot become a {}: {}{}",
                message.origin(),
                message.topic(),
                type.getName(),
                String.valueOf(failure.getCause()).replaceAll("\\p{Cntrl}+", " "),
                more == 0 ? "" : " (" + more + " more like it since the last warning)");
    }

    private Object converted(ClusterMessage message, Class<?> type) {
        try {
            return converter.toObject(message.payload(), message.headers(), type);
        } catch (RuntimeException e) {
            throw new UnreadableMessageException(e);
        }
    }

    /** Distinguishes a message that cannot be converted from a listener that fails. */
    private static final class UnreadableMessageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableMessageException(RuntimeException cause) {
            super(cause);
        }
    }

    private CompletionStage<byte[]> answer(Handler handler, ClusterMessage request) {
        return observations.answering(request, () -> {
            Object payload = requested(request, handler.request());
            Object answer = handler.call(payload, request);
            return answer instanceof CompletionStage<?> later
                    ? later.thenApply(this::bytes)
                    : CompletableFuture.completedFuture(bytes(answer));
        });
    }

    private Object requested(ClusterMessage request, Class<?> type) {
        try {
            return converted(request, type);
        } catch (UnreadableMessageException e) {
            unreadable(request, type, e);
            // The other member is told no details that the converter knows of this application's classes.
            throw new MessagingException("the request cannot become a " + type.getSimpleName());
        }
    }

    private byte[] bytes(@Nullable Object answer) {
        return answer == null ? new byte[0] : converter.toPayload(answer, new HashMap<>());
    }
}
