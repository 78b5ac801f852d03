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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Map<String, Named> subscribed = new HashMap<>();

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
        Map<Class<?>, String> types = new LinkedHashMap<>(ListenedTypes.find(beans, topics.configured()));
        topics.configured().forEach(type -> types.putIfAbsent(type, "memberlist.messaging.topics"));
        subscribe(types);
    }

    /** @param by what names the type, for the message of an error */
    private record Named(Class<?> type, String by) {}

    /** Subscribes also to the topics that beans of child contexts listen to, whose events come up to here. */
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() instanceof ConfigurableApplicationContext refreshed
                && refreshed.getBeanFactory() != beans) {
            subscribe(ListenedTypes.find(refreshed.getBeanFactory(), subscribedTypes()));
        }
    }

    private synchronized List<Class<?>> subscribedTypes() {
        return subscribed.values().stream().<Class<?>>map(Named::type).toList();
    }

    private synchronized void subscribe(Map<Class<?>, String> types) {
        types.forEach((type, by) -> {
            String topic = topics.topic(type);
            Named other = subscribed.putIfAbsent(topic, new Named(type, by));
            if (other == null) {
                subscriptions.add(messaging.subscribe(
                        topic,
                        message -> events.deliver(
                                message.payloadLength(),
                                message,
                                (member, publisher) -> publish(member, publisher, message, type)),
                        events.executor()));
            } else if (other.type() != type) {
                throw new UnusableMessageTypeException(
                        "The topic '" + topic + "' belongs to " + other.type().getName() + ", which " + other.by()
                                + " names, and to " + type.getName() + ", which " + by + " names",
                        "give one of the classes another @ClusterTopic");
            }
        });
    }

    @Override
    public void destroy() {
        // a mock of a test gives none
        subscriptions.stream().filter(Objects::nonNull).forEach(Subscription::close);
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
