package io.memberlist.spring.messaging;

import java.util.HashMap;
import java.util.Map;
import org.springframework.util.ClassUtils;

/**
 * Which topic objects of a class travel under: the one configured, or else that of its {@link ClusterTopic}, or else the
 * name of the class.
 *
 * <p>A topic that arrives never chooses a class by itself: the other way round, the application names the classes that it
 * listens to, and only their topics are received at all.
 */
public final class ClusterTopics {
    private final Map<Class<?>, String> configured = new HashMap<>();

    /** @param configured classes by their topic; these are received whether or not a listener names them */
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
