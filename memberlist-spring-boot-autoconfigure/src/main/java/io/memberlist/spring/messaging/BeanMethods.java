package io.memberlist.spring.messaging;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Visits the beans whose methods may be annotated, in the same way as Spring's own annotation processors. */
final class BeanMethods {
    private BeanMethods() {}

    static void forEachBean(ConfigurableListableBeanFactory beans, BiConsumer<String, Class<?>> visitor) {
        for (String name : beans.getBeanNamesForType(Object.class)) {
            if (ScopedProxyUtils.isScopedTarget(name)) {
                continue;
            }
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && !type.getName().startsWith("org.springframework.")) {
                visitor.accept(name, ClassUtils.getUserClass(type));
            }
        }
    }

    /** {@return the method as people name it: its class, its name and the types of its parameters} */
    static String text(Method method) {
        return method.getDeclaringClass().getTypeName() + "." + method.getName()
                + Arrays.stream(method.getGenericParameterTypes())
                        .map(Type::getTypeName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
