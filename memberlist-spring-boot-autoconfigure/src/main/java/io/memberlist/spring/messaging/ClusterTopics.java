package io.memberlist.spring.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    /**
     * {@return the topic under which an object is sent}
     *
     * @throws UnusableMessageTypeException if nobody can listen to its class, so that it would arrive nowhere
     */
    String topicOf(Object payload) {
        Class<?> type = payload instanceof Enum<?> constant ? constant.getDeclaringClass() : payload.getClass();
        Class<?> user = ClassUtils.getUserClass(type);
        boolean nameable = user.getTypeParameters().length == 0 && !user.isAnonymousClass() && !user.isHidden();
        if (!nameable && !configured.containsKey(user)) {
            throw new UnusableMessageTypeException(
                    "a " + user.getName() + " has no topic of its own, since no listener can name its class",
                    "send a record that holds it, or name a topic for this message");
        }
        return topic(user);
    }

    /** {@return the classes whose topics are configured} */
    Set<Class<?>> configured() {
        return configured.keySet();
    }
}
