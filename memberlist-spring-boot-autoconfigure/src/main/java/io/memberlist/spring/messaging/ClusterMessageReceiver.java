package io.memberlist.spring.messaging;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.spring.messaging.IncomingPayloads.UnreadableException;
import io.memberlist.spring.observation.ClusterMessageObservations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Subscribes to the topics that the application's beans listen to, and publishes messages as {@link ClusterMessageEvent}s, in
 * order with all other events. Messages of topics that no bean names are not received.
 */
public final class ClusterMessageReceiver implements SmartInitializingSingleton, DisposableBean {
    private final ConfigurableListableBeanFactory beans;
    private final ClusterMessaging messaging;
    private final ClusterTopics topics;
    private final IncomingPayloads payloads;
    private final ClusterMessageObservations observations;
    private final MemberlistEventPublisher events;
    private final List<Subscription> subscriptions = new ArrayList<>();

    /**
     * @param beans where to look for listeners
     * @param messaging the cluster messages to subscribe to
     * @param mapping the topics and payloads of objects
     * @param observations observes each message
     * @param events publishes the messages, in order with all other events
     */
    public ClusterMessageReceiver(
            ConfigurableListableBeanFactory beans,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            MemberlistEventPublisher events) {
        this.beans = beans;
        this.messaging = messaging;
        this.topics = mapping.topics();
        this.payloads = new IncomingPayloads(mapping.converter());
        this.observations = observations;
        this.events = events;
    }

    @Override
    public void afterSingletonsInstantiated() {
        typesByTopic()
                .forEach((topic, type) -> subscriptions.add(messaging.subscribe(
                        topic,
                        message -> events.deliver(
                                message.payloadLength(),
                                (member, publisher) -> publish(member, publisher, message, type)),
                        events.executor())));
    }

    @Override
    public void destroy() {
        // a mock of a test gives none
        subscriptions.stream().filter(Objects::nonNull).forEach(Subscription::close);
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

    private void publish(
            Memberlist member, ApplicationEventPublisher publisher, ClusterMessage message, Class<?> type) {
        try {
            observations.received(
                    message,
                    () -> publisher.publishEvent(
                            new ClusterMessageEvent<>(member, message, payloads.object(message, type))));
        } catch (UnreadableException e) {
            // It is logged, and the events after it are not affected.
        }
    }
}
