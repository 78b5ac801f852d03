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
 * <p>The method takes the request, converted to the type of its parameter, and if it likes the {@link
 * io.memberlist.messaging.ClusterMessage} it came in. It returns the answer, or a {@link
 * java.util.concurrent.CompletionStage} of it; nothing, or null, is an empty answer. What it throws fails the request with
 * its message. A topic has one handler. Requests of a topic are answered one at a time, on Boot's task executor where
 * there is one, from when the application has its beans until it is closed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ClusterRequestHandler {
    /** {@return the topic; empty for that of the parameter's type} */
    String value() default "";
}
