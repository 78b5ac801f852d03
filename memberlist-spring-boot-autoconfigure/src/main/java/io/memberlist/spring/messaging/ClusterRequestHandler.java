package io.memberlist.spring.messaging;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method of a bean that answers the requests of other members.
 *
 * <pre>{@code
 * @ClusterRequestHandler
 * Stock stock(StockQuery query) { ... }
 * }</pre>
 *
 * <p>The method takes the request, converted to the type of its parameter, and optionally the {@link
 * io.memberlist.messaging.message.ClusterMessage} that carried it. It returns the answer, or a {@link
 * java.util.concurrent.CompletionStage} of the answer; {@code void} or null is an empty answer. If it throws an exception,
 * the request fails with the exception's message. A topic has one handler. {@code
 * memberlist.messaging.request-concurrency} requests of a topic are answered at the same time, on Spring Boot's task executor
 * where there is one (virtual threads with {@code spring.threads.virtual.enabled}), from the end of the context's refresh
 * until it is closed. A request that nobody waits for any more is not executed; if it is under way, the {@code
 * CompletionStage} is cancelled.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ClusterRequestHandler {
    /** {@return the topic; empty for the topic of the parameter's type} */
    String value() default "";
}
