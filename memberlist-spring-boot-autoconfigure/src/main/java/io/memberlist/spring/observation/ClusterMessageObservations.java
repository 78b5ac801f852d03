package io.memberlist.spring.observation;

import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.transport.Causes;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Observes messages that are sent and received. Costs next to nothing where the registry observes nothing. */
public final class ClusterMessageObservations {
    private static final ClusterMessageSendConvention SEND = new DefaultClusterMessageSendConvention();
    private static final ClusterMessageReceiveConvention RECEIVE = new DefaultClusterMessageReceiveConvention();

    private final ObservationRegistry registry;
    private final @Nullable ClusterMessageSendConvention send;
    private final @Nullable ClusterMessageReceiveConvention receive;

    /**
     * @param registry starts the observations
     * @param send names and key values of sending; null for the default ones
     * @param receive names and key values of handling; null for the default ones
     */
    public ClusterMessageObservations(
            ObservationRegistry registry,
            @Nullable ClusterMessageSendConvention send,
            @Nullable ClusterMessageReceiveConvention receive) {
        this.registry = registry;
        this.send = send;
        this.receive = receive;
    }

    /**
     * Observes sending until the future completes.
     *
     * @param kind what the message is meant for
     * @param topic its topic
     * @param receiver the name of the member it goes to; null for all
     * @param headers receive the trace context, before the action is called
     * @param action sends the message
     * @return what the action returned
     */
    public <T> CompletableFuture<T> sending(
            MessageKind kind,
            String topic,
            @Nullable String receiver,
            Map<String, String> headers,
            Supplier<CompletableFuture<T>> action) {
        Observation observation = ClusterMessageObservation.SEND.start(
                send, SEND, () -> new ClusterMessageSenderContext(kind, topic, receiver, headers), registry);
        try {
            CompletableFuture<T> sent = action.get();
            sent.whenComplete((value, failure) -> stop(observation, failure));
            return sent;
        } catch (RuntimeException | Error e) {
            stop(observation, e);
            throw e;
        }
    }

    /** Observes the handling of a message, which is over when the action returns. */
    public void received(ClusterMessage message, Runnable action) {
        observation(message).observe(action);
    }

    /**
     * Observes the handling of a request until the answer is there.
     *
     * @return what the action returned; failed where it threw
     */
    public <T> CompletionStage<T> answering(ClusterMessage request, Callable<CompletionStage<T>> action) {
        Observation observation = observation(request).start();
        Observation.Scope scope = observation.openScope();
        try {
            return action.call().whenComplete((value, failure) -> stop(observation, failure));
        } catch (Exception | Error e) {
            stop(observation, e);
            return CompletableFuture.failedFuture(e);
        } finally {
            scope.close();
        }
    }

    private Observation observation(ClusterMessage message) {
        return ClusterMessageObservation.RECEIVE.observation(
                receive, RECEIVE, () -> new ClusterMessageReceiverContext(message), registry);
    }

    private static void stop(Observation observation, @Nullable Throwable failure) {
        if (failure != null) {
            observation.error(Causes.unwrap(failure));
        }
        observation.stop();
    }
}
