package io.memberlist.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistMessagingAutoConfiguration;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.messaging.ClusterRequestHandler;
import io.memberlist.spring.messaging.FakeMessaging;
import io.memberlist.spring.messaging.MemberlistTemplate;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

class ClusterMessageObservationTest {
    private final FakeMessaging messaging = new FakeMessaging();
    private final Member other = TestMembers.member("b", MemberState.ALIVE, "");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistAutoConfiguration.class, MemberlistMessagingAutoConfiguration.class))
            .withBean(Memberlist.class, () -> messaging.member("a"))
            .withBean(ClusterMessaging.class, () -> messaging)
            .withUserConfiguration(Application.class);

    @Test
    void observesSendingAndReceiving() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        runner.withBean(ObservationRegistry.class, () -> registry).run(context -> {
            context.getBean(MemberlistTemplate.class)
                    .send(other, "orders", new Order(1))
                    .join();
            context.getBean(MemberlistTemplate.class).broadcast(new Order(2)).join();

            TestObservationRegistryAssert.assertThat(registry)
                    .hasNumberOfObservationsWithNameEqualTo("memberlist.message.send", 2)
                    .hasAnObservation(observation -> observation
                            .hasNameEqualTo("memberlist.message.send")
                            .hasContextualNameEqualTo("orders send")
                            .hasLowCardinalityKeyValue("memberlist.operation", "send")
                            .hasLowCardinalityKeyValue("memberlist.topic", "orders")
                            .hasHighCardinalityKeyValue("memberlist.peer", "b"))
                    .hasNumberOfObservationsWithNameEqualTo("memberlist.message.receive", 1)
                    .hasAnObservation(observation -> observation
                            .hasNameEqualTo("memberlist.message.receive")
                            .hasContextualNameEqualTo(Order.class.getName() + " receive")
                            .hasLowCardinalityKeyValue("memberlist.operation", "broadcast")
                            .hasHighCardinalityKeyValue("memberlist.peer", "a"));
        });
    }

    @Test
    void observesWhatFails() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        runner.withBean(ObservationRegistry.class, () -> registry).run(context -> {
            context.getBean(MemberlistTemplate.class).broadcast(new Order(-1)).join();
            assertThat(context.getBean(MemberlistTemplate.class).request("b", new Question(-1), Integer.class))
                    .isCompletedExceptionally();

            TestObservationRegistryAssert.assertThat(registry)
                    .hasAnObservation(observation -> observation
                            .hasNameEqualTo("memberlist.message.receive")
                            .hasLowCardinalityKeyValue("memberlist.operation", "broadcast")
                            .hasError())
                    .hasAnObservation(observation -> observation
                            .hasNameEqualTo("memberlist.message.receive")
                            .hasLowCardinalityKeyValue("memberlist.operation", "request")
                            .hasError())
                    .hasAnObservation(observation -> observation
                            .hasNameEqualTo("memberlist.message.send")
                            .hasLowCardinalityKeyValue("memberlist.operation", "request")
                            .hasError());
        });
    }

    @Test
    void aConventionOfTheApplicationsOwnWins() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        runner.withBean(ObservationRegistry.class, () -> registry)
                .withBean(ClusterMessageSendConvention.class, () -> new ClusterMessageSendConvention() {
                    @Override
                    public String getName() {
                        return "own.send";
                    }

                    @Override
                    public KeyValues getLowCardinalityKeyValues(ClusterMessageSenderContext context) {
                        return KeyValues.of("own", context.topic());
                    }
                })
                .run(context -> {
                    context.getBean(MemberlistTemplate.class)
                            .send(other, "t", new Order(1))
                            .join();

                    TestObservationRegistryAssert.assertThat(registry)
                            .hasObservationWithNameEqualTo("own.send")
                            .that()
                            .hasLowCardinalityKeyValue("own", "t");
                });
    }

    @Test
    void aTraceCrossesMembers() {
        List<MutableSpan> spans = new ArrayList<>();
        Tracing tracing = Tracing.newBuilder()
                .addSpanHandler(new SpanHandler() {
                    @Override
                    public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                        return spans.add(span);
                    }
                })
                .build();
        BraveTracer tracer =
                new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()));
        BravePropagator propagator = new BravePropagator(tracing);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        runner.withBean(ObservationRegistry.class, () -> registry).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            Observation.createNotStarted("checkout", registry)
                    .observe(() -> template.broadcast(new Order(1)).join());
            String trace = spans.get(spans.size() - 1).traceId();

            assertThat(spans).extracting(MutableSpan::traceId).containsOnly(trace);
            assertThat(spans)
                    .extracting(MutableSpan::name)
                    .containsExactly(
                            Order.class.getName() + " receive", Order.class.getName() + " broadcast", "checkout");
            assertThat(spans)
                    .extracting(MutableSpan::kind)
                    .containsExactly(brave.Span.Kind.CONSUMER, brave.Span.Kind.PRODUCER, null);
            assertThat(spans.get(0).parentId()).isEqualTo(spans.get(1).id());
            assertThat(messaging.sent.get(0).headers().keySet())
                    .anyMatch(name -> name.startsWith("X-B3") || name.equals("b3"));

            spans.clear();
            assertThat(template.request("b", new Question(4), Integer.class).join())
                    .isEqualTo(5);
            assertThat(spans)
                    .extracting(MutableSpan::kind)
                    .containsExactly(brave.Span.Kind.SERVER, brave.Span.Kind.CLIENT);
            assertThat(Objects.requireNonNull(spans.get(0).parentId()))
                    .isEqualTo(spans.get(1).id());
        });
        tracing.close();
    }

    @Test
    void worksWithoutARegistry() {
        runner.run(context -> {
            context.getBean(MemberlistTemplate.class).broadcast(new Order(1)).join();

            assertThat(context.getBean(Application.class).orders).containsExactly(new Order(1));
            assertThat(messaging.sent.get(0).headers()).containsOnlyKeys("content-type");
        });
    }

    record Order(int id) {}

    record Question(int number) {}

    @Configuration(proxyBeanMethods = false)
    static class Application {
        final List<Order> orders = new ArrayList<>();

        @EventListener
        void on(ClusterMessageEvent<Order> event) {
            if (event.payload().id() < 0) {
                throw new IllegalArgumentException("negative");
            }
            orders.add(event.payload());
        }

        @ClusterRequestHandler
        int next(Question question) {
            if (question.number() < 0) {
                throw new IllegalArgumentException("negative");
            }
            return question.number() + 1;
        }
    }
}
