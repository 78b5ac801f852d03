package io.memberlist.spring.messaging;

import java.util.HashMap;
import java.util.Map;
import org.springframework.util.ClassUtils;

/**
 * Gives the topic of a class: the one that is configured, or else that of its {@link ClusterTopic}, or else the name of the
 * class.
 *
 * <p>A topic that arrives never chooses a class. The application names the classes that it listens to, and only messages of
 * their topics are received.
 */
public final class ClusterTopics {
    private final Map<Class<?>, String> configured = new HashMap<>();

    /** @param configured classes by their topic; messages of these topics are received whether or not a listener names them */
    public ClusterTopics(Map<String, Class<?>> configured) {
        configured.forEach((topic, type) -> {
            String other = this.configured.put(type, topic);
            if (other != null) {
                throw new IllegalArgumentException(type.getName() + " has two topics, '" + other + "' and '" + topic
                        + "': keep one of them in memberlist.messaging.topics");
            }
        });
    }

    /** {@return the topic of a class} */
    public String topic(Class<?> type) {
        Class<?> user = ClassUtils.getUserClass(type);
        String topic = configured.get(user);
        if (topic != null) {
            return topic;
        }
        ClusterTopic named = user.getAnnotation(ClusterTopic.class);
        return named != null ? named.value() : user.getTypeName();
    }

    /** {@return the classes whose topics are configured} */
    Iterable<Class<?>> configured() {
        return configured.keySet();
    }
}
