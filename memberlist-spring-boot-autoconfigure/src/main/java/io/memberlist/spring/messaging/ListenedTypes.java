package io.memberlist.spring.messaging;

import io.memberlist.spring.event.ClusterMessageEvent;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.EventListener;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the types that listeners to {@link ClusterMessageEvent} name. A sealed type stands for its subclasses, because
 * members send objects of those.
 */
final class ListenedTypes {
    private final ConfigurableListableBeanFactory beans;
    private final Set<Class<?>> found = new LinkedHashSet<>();

    private ListenedTypes(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    static Set<Class<?>> find(ConfigurableListableBeanFactory beans) {
        ListenedTypes types = new ListenedTypes(beans);
        BeanMethods.forEachBean(beans, types::ofBean);
        return types.found;
    }

    private void ofBean(String name, Class<?> type) {
        if (ApplicationListener.class.isAssignableFrom(type)) {
            ofEvent(declared(name, type).as(ApplicationListener.class).getGeneric(0));
        }
        if (!AnnotationUtils.isCandidateClass(type, EventListener.class)) {
            return;
        }
        Set<Method> methods = MethodIntrospector.selectMethods(
                type,
                (Method method) -> method.getParameterCount() == 1
                        && AnnotatedElementUtils.hasAnnotation(method, EventListener.class));
        methods.forEach(method -> ofEvent(ResolvableType.forMethodParameter(method, 0, type)));
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

    private void ofEvent(ResolvableType event) {
        if (event.toClass() == ClusterMessageEvent.class) {
            Class<?> payload = event.getGeneric(0).resolve();
            if (payload != null) {
                add(payload);
            }
        }
    }

    private void add(Class<?> payload) {
        if (payload.isSealed()) {
            for (Class<?> permitted : payload.getPermittedSubclasses()) {
                add(permitted);
            }
        }
        boolean abstractOnly = payload.isSealed() && Modifier.isAbstract(payload.getModifiers());
        if (payload != Object.class && !abstractOnly) {
            found.add(payload);
        }
    }
}
