package io.memberlist.spring.messaging;

import io.memberlist.spring.event.ClusterMessageEvent;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.EventListener;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.StringUtils;

/**
 * Finds the types that listeners to {@link ClusterMessageEvent} name, and who names them. A sealed type stands for its
 * subclasses, because members send objects of those.
 */
final class ListenedTypes {
    private static final Logger log = LoggerFactory.getLogger(ListenedTypes.class);

    private final ConfigurableListableBeanFactory beans;
    /** Who names each type. */
    private final Map<Class<?>, String> found = new LinkedHashMap<>();
    /** Types that others have to name subclasses of, by who listens to them. */
    private final Map<String, Class<?>> open = new LinkedHashMap<>();
    /** Who listens to all that others name. */
    private final Set<String> toAll = new LinkedHashSet<>();

    private ListenedTypes(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * {@return the types that can arrive, by who names them first}
     *
     * @param known types that are received whether or not a listener names them
     * @throws UnusableMessageTypeException if a listener would never be called
     */
    static Map<Class<?>, String> find(ConfigurableListableBeanFactory beans, Collection<Class<?>> known) {
        ListenedTypes types = new ListenedTypes(beans);
        BeanMethods.forEachBean(beans, types::ofBean);
        types.open.forEach((listener, open) -> {
            if (Stream.concat(types.found.keySet().stream(), known.stream()).noneMatch(open::isAssignableFrom)) {
                throw unusable(listener, open);
            }
        });
        if (types.found.isEmpty() && known.isEmpty()) {
            types.toAll.forEach(listener -> log.warn(
                    "{} receives no message, since nothing names a class of messages: listen to ClusterMessageEvent<ThatClass>,"
                            + " or name the class in memberlist.messaging.topics",
                    StringUtils.capitalize(listener)));
        }
        return types.found;
    }

    /** {@return the types that listeners name, before the configuration is known} */
    static Set<Class<?>> named(ConfigurableListableBeanFactory beans) {
        ListenedTypes types = new ListenedTypes(beans);
        BeanMethods.forEachBean(beans, types::ofBean);
        return types.found.keySet();
    }

    private static UnusableMessageTypeException unusable(String listener, Class<?> open) {
        return new UnusableMessageTypeException(
                listener + " listens to any " + open.getName() + ", and nothing names a class of that kind, so that no"
                        + " message would arrive",
                "make it sealed, have a listener for each class that is sent, or name those classes in"
                        + " memberlist.messaging.topics");
    }

    private void ofBean(String name, Class<?> type) {
        if (ApplicationListener.class.isAssignableFrom(type)) {
            ofEvent(
                    "the ApplicationListener " + name,
                    declared(name, type).as(ApplicationListener.class).getGeneric(0));
        }
        if (!AnnotationUtils.isCandidateClass(type, EventListener.class)) {
            return;
        }
        Set<Method> methods = MethodIntrospector.selectMethods(
                type,
                (Method method) -> method.getParameterCount() == 1
                        && AnnotatedElementUtils.hasAnnotation(method, EventListener.class));
        methods.forEach(method -> ofEvent(
                "the @EventListener method " + BeanMethods.text(method),
                ResolvableType.forMethodParameter(method, 0, type)));
    }

    /** A lambda has no generic types at run time, but the bean method that returned it has. */
    private ResolvableType declared(String name, Class<?> type) {
        if (beans.containsBeanDefinition(name)) {
            BeanDefinition definition = beans.getMergedBeanDefinition(name);
            if (ApplicationListener.class.isAssignableFrom(
                    definition.getResolvableType().toClass())) {
                return definition.getResolvableType();
            }
        }
        return ResolvableType.forClass(type);
    }

    private void ofEvent(String listener, ResolvableType event) {
        if (event.toClass() != ClusterMessageEvent.class) {
            return;
        }
        ResolvableType generic = event.getGeneric(0);
        Class<?> payload = generic.resolve();
        boolean isWildcard = generic.getType() instanceof WildcardType;
        if (payload == null || payload == Object.class && isWildcard) {
            toAll.add(listener);
            return;
        }
        if (payload.getTypeParameters().length > 0) {
            throw new UnusableMessageTypeException(
                    listener + " listens to " + payload.getName() + ", which has type parameters, which do not travel",
                    "send, and listen to, a record that holds it");
        }
        if (!isWildcard && !isSent(payload)) {
            throw new UnusableMessageTypeException(
                    listener + " listens to " + payload.getName() + " itself, of which there are no objects, so that no"
                            + " message would arrive",
                    payload == Object.class
                            ? "listen to ClusterMessageEvent<?> for all that others name, or to the class that is sent"
                            : "listen to ClusterMessageEvent<? extends " + payload.getSimpleName()
                                    + ">, or to the class that is sent");
        }
        if (!add(payload, listener)) {
            open.put(listener, payload);
        }
    }

    private static boolean isSent(Class<?> type) {
        boolean hasObjects = !Modifier.isAbstract(type.getModifiers()) || type.isPrimitive() || type.isArray();
        return type.isEnum() || hasObjects && type != Object.class;
    }

    /** {@return whether objects of that type, or of a subclass of it that is known, can be sent} */
    private boolean add(Class<?> payload, String listener) {
        boolean sent = isSent(payload);
        if (sent) {
            found.putIfAbsent(payload, listener);
        }
        if (payload.isSealed() && !payload.isEnum()) {
            for (Class<?> permitted : payload.getPermittedSubclasses()) {
                sent |= add(permitted, listener);
            }
        }
        return sent;
    }
}
