package io.memberlist.spring.messaging;

import io.memberlist.messaging.message.ClusterMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the methods that are {@link ClusterRequestHandler}s. */
final class RequestHandlers {
    private RequestHandlers() {}

    /**
     * @throws UnusableMessageTypeException if a method has other parameters than the request and its message, takes a type that
     *     cannot arrive, or returns a type that nobody would wait for
     */
    static List<Handler> find(ConfigurableListableBeanFactory beans, ClusterTopics topics) {
        List<Handler> handlers = new ArrayList<>();
        BeanMethods.forEachBean(beans, (name, type) -> {
            if (AnnotationUtils.isCandidateClass(type, ClusterRequestHandler.class)) {
                Map<Method, ClusterRequestHandler> methods = MethodIntrospector.selectMethods(
                        type, (MethodIntrospector.MetadataLookup<@Nullable ClusterRequestHandler>) method ->
                                AnnotatedElementUtils.findMergedAnnotation(method, ClusterRequestHandler.class));
                methods.forEach((method, mark) -> {
                    Class<?> request = requestType(type, method, mark);
                    String topic = mark.value().isEmpty() ? topics.topic(request) : mark.value();
                    handlers.add(new Handler(beans, name, method, topic, request));
                });
            }
        });
        return handlers;
    }

    /** @throws UnusableMessageTypeException if two of the handlers have one topic */
    static void refuseSharedTopics(List<Handler> handlers) {
        Map<String, Handler> byTopic = new HashMap<>();
        for (Handler handler : handlers) {
            Handler other = byTopic.put(handler.topic(), handler);
            if (other != null) {
                throw new UnusableMessageTypeException(
                        "Two methods answer topic '" + handler.topic() + "', the @ClusterRequestHandler methods "
                                + BeanMethods.text(other.method()) + " and " + BeanMethods.text(handler.method()),
                        "give one of them another topic, in the annotation and in the request, or another class");
            }
        }
    }

    private static Class<?> requestType(Class<?> declaring, Method method, ClusterRequestHandler mark) {
        List<Class<?>> requests = IntStream.range(0, method.getParameterCount())
                .<Class<?>>mapToObj(i ->
                        ResolvableType.forMethodParameter(method, i, declaring).toClass())
                .filter(type -> type != ClusterMessage.class)
                .toList();
        if (requests.size() != 1 || method.getParameterCount() > 2) {
            throw unusable(
                    method,
                    "must take one parameter, the request",
                    "take that, and a ClusterMessage beside it if you need it");
        }
        Class<?> request = ClassUtils.resolvePrimitiveIfNecessary(requests.get(0));
        if (request.isSealed() && !request.isEnum()) {
            throw unusable(
                    method,
                    "takes a " + request.getName() + ", which is sealed",
                    "have a method for each of its subclasses, which are what is sent");
        }
        if (request.getTypeParameters().length > 0) {
            throw unusable(
                    method,
                    "takes a " + request.getName() + ", which has type parameters, which do not travel",
                    "send, and take, a record that holds it");
        }
        boolean isAbstract = Modifier.isAbstract(request.getModifiers()) && !request.isArray() && !request.isEnum();
        if (mark.value().isEmpty() && (isAbstract || request == Object.class)) {
            throw unusable(
                    method,
                    "takes a " + request.getName() + ", of which there are no objects, so that no request would arrive",
                    "take the class that is sent, or name a topic in the annotation and in the request");
        }
        if (isNotWaitedFor(method.getReturnType())) {
            throw unusable(
                    method,
                    "returns what is not waited for",
                    "return the answer or a CompletionStage of it, such as Mono.toFuture()");
        }
        return request;
    }

    private static UnusableMessageTypeException unusable(Method method, String problem, String remedy) {
        return new UnusableMessageTypeException(
                "the @ClusterRequestHandler method " + BeanMethods.text(method) + " " + problem, remedy);
    }

    private static boolean isNotWaitedFor(Class<?> answer) {
        return !CompletionStage.class.isAssignableFrom(answer)
                && (Future.class.isAssignableFrom(answer)
                        || Callable.class.isAssignableFrom(answer)
                        || ReactiveAdapterRegistry.getSharedInstance().getAdapter(answer) != null);
    }

    /**
     * One method of one bean.
     *
     * @param beans the bean factory that has the bean
     * @param bean its name
     * @param method the method as its class declares it
     * @param topic the topic of the requests that it answers
     * @param request the type of the requests
     */
    record Handler(BeanFactory beans, String bean, Method method, String topic, Class<?> request) {
        /** {@return what the method returned} Throws what the method threw. */
        @Nullable
        Object call(Object payload, ClusterMessage message) throws Exception {
            Object target = beans.getBean(bean);
            Method invocable = AopUtils.selectInvocableMethod(method, target.getClass());
            ReflectionUtils.makeAccessible(invocable);
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(type -> type == ClusterMessage.class ? message : payload)
                    .toArray();
            try {
                return invocable.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                ReflectionUtils.rethrowException(e.getTargetException());
                return null;
            }
        }
    }
}
