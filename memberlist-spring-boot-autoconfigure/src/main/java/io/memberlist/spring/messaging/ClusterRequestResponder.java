package io.memberlist.spring.messaging;

import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.RequestResponder;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.spring.messaging.IncomingPayloads.UnreadableException;
import io.memberlist.spring.messaging.RequestHandlers.Handler;
import io.memberlist.spring.observation.ClusterMessageObservations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Lets the application's {@link ClusterRequestHandler}s answer the requests of other members: those of the context that has the
 * member, and those of each child context from when it is refreshed until it is closed.
 */
public final class ClusterRequestResponder
        implements SmartInitializingSingleton, ApplicationListener<ApplicationContextEvent>, DisposableBean {
    private final ConfigurableListableBeanFactory beans;
    private final ClusterMessaging messaging;
    private final ClusterMessageMapping mapping;
    private final IncomingPayloads payloads;
    private final ClusterMessageObservations observations;
    private final @Nullable Executor executor;
    /** By the bean factory that has the handler. */
    private final Map<BeanFactory, List<Answered>> answered = new LinkedHashMap<>();

    /** @param subscription null where a mock of a test gives none */
    private record Answered(Handler handler, @Nullable Subscription subscription) {}

    /**
     * @param beans where to look for handlers
     * @param messaging the cluster messages that bring requests
     * @param mapping the topics and payloads of objects
     * @param observations observes each request
     * @param executor runs the handlers; null for the engine's own threads
     */
    public ClusterRequestResponder(
            ConfigurableListableBeanFactory beans,
            ClusterMessaging messaging,
            ClusterMessageMapping mapping,
            ClusterMessageObservations observations,
            @Nullable Executor executor) {
        this.beans = beans;
        this.messaging = messaging;
        this.mapping = mapping;
        this.payloads = new IncomingPayloads(mapping.converter());
        this.observations = observations;
        this.executor = executor;
    }

    @Override
    public void afterSingletonsInstantiated() {
        answer(beans);
    }

    /** The events of child contexts come up to here. */
    @Override
    public void onApplicationEvent(ApplicationContextEvent event) {
        if (event.getApplicationContext() instanceof ConfigurableApplicationContext child
                && child.getBeanFactory() != beans) {
            if (event instanceof ContextRefreshedEvent) {
                answer(child.getBeanFactory());
            } else if (event instanceof ContextClosedEvent) {
                close(child.getBeanFactory());
            }
        }
    }

    @Override
    public synchronized void destroy() {
        List.copyOf(answered.keySet()).forEach(this::close);
    }

    private synchronized void answer(ConfigurableListableBeanFactory factory) {
        List<Handler> found = RequestHandlers.find(factory, mapping.topics());
        Stream<Handler> others =
                answered.values().stream().flatMap(List::stream).map(Answered::handler);
        RequestHandlers.refuseSharedTopics(Stream.concat(others, found.stream()).toList());
        List<Answered> all = new ArrayList<>();
        answered.put(factory, all);
        for (Handler handler : found) {
            RequestResponder responder = request -> answer(handler, request);
            all.add(new Answered(
                    handler,
                    executor == null
                            ? messaging.respond(handler.topic(), responder)
                            : messaging.respond(handler.topic(), responder, executor)));
        }
    }

    private synchronized void close(BeanFactory factory) {
        List<Answered> all = answered.remove(factory);
        if (all != null) {
            all.stream().map(Answered::subscription).filter(Objects::nonNull).forEach(Subscription::close);
        }
    }

    private CompletionStage<byte[]> answer(Handler handler, ClusterMessage request) {
        AtomicReference<@Nullable CompletionStage<?>> returned = new AtomicReference<>();
        CompletableFuture<byte[]> result = observations
                .answering(request, () -> {
                    Object answer = handler.call(object(request, handler.request()), request);
                    if (answer instanceof CompletionStage<?> later) {
                        returned.set(later);
                        return later.thenApply(this::bytes);
                    }
                    return CompletableFuture.completedFuture(bytes(answer));
                })
                .toCompletableFuture();
        result.whenComplete((payload, failure) -> {
            CompletionStage<?> later = returned.get();
            if (later != null && result.isCancelled()) {
                later.toCompletableFuture().cancel(true);
            }
        });
        return result;
    }

    private Object object(ClusterMessage request, Class<?> type) {
        try {
            return payloads.object(request, type);
        } catch (UnreadableException e) {
            // The other member is told no details that the converter knows of this application's classes.
            throw new MessagingException("the request cannot become a " + type.getSimpleName());
        }
    }

    private byte[] bytes(@Nullable Object answer) {
        return answer == null ? new byte[0] : mapping.converter().toPayload(answer, new HashMap<>());
    }
}
