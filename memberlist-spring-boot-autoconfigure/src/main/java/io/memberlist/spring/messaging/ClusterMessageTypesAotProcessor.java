package io.memberlist.spring.messaging;

import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Registers the classes that are converted from JSON and back for a native image: those that listeners and handlers name.
 * The application itself registers a class that it only sends, with {@code @RegisterReflectionForBinding}.
 */
final class ClusterMessageTypesAotProcessor implements BeanFactoryInitializationAotProcessor {
    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        Set<Type> types = new LinkedHashSet<>(ListenedTypes.named(beans));
        RequestHandlers.find(beans, new ClusterTopics(Map.of())).forEach(handler -> {
            types.add(handler.request());
            types.add(handler.method().getGenericReturnType());
        });
        return types.isEmpty()
                ? null
                : (context, code) -> new BindingReflectionHintsRegistrar()
                        .registerReflectionHints(context.getRuntimeHints().reflection(), types.toArray(Type[]::new));
    }
}
