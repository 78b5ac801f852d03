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
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Subscribes to the topics that the application's beans listen to, and publishes messages as {@link ClusterMessageEvent}s, in
 * order with all other events. Messages of topics that no bean names are not received.
 */
public final class ClusterMessageReceiver
        implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent>, DisposableBean {
    private final ConfigurableListableBeanFactory beans;
    private final ClusterMessaging messaging;
    private final ClusterTopics topics;
    private final IncomingPayloads payloads;
    private final ClusterMessageObservations observations;
    private final MemberlistEventPublisher events;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, Class<?>> subscribed = new HashMap<>();

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
        Set<Class<?>> types = new LinkedHashSet<>(ListenedTypes.find(beans));
        topics.configured().forEach(types::add);
        subscribe(types);
    }

    /** Subscribes also to the topics that beans of child contexts listen to, whose events come up to here. */
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() instanceof ConfigurableApplicationContext refreshed
                && refreshed.getBeanFactory() != beans) {
            subscribe(ListenedTypes.find(refreshed.getBeanFactory()));
        }
    }

    private synchronized void subscribe(Set<Class<?>> types) {
        for (Class<?> type : types) {
            String topic = topic(type);
            Class<?> other = subscribed.put(topic, type);
            if (other == null) {
                subscriptions.add(messaging.subscribe(
                        topic,
                        message -> events.deliver(
                                message.payloadLength(),
                                (member, publisher) -> publish(member, publisher, message, type)),
                        events.executor()));
            } else if (other != type) {
                throw new IllegalStateException("The topic '" + topic + "' belongs to " + other.getName() + " and to "
                        + type.getName() + ": give one of them another @ClusterTopic");
            }
        }
    }

    @Override
    public void destroy() {
        // a mock of a test gives none
        subscriptions.stream().filter(Objects::nonNull).forEach(Subscription::close);
    }

    private String topic(Class<?> type) {
        if (type.getTypeParameters().length > 0) {
            throw new IllegalStateException(type.getName()
                    + " has type parameters, which do not travel: send, and listen" + " to, a record that holds it");
        }
        return topics.topic(type);
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
