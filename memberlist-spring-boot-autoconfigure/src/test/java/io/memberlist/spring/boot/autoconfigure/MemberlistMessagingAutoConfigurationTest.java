package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.messaging.ClusterMessageConverter;
import io.memberlist.spring.messaging.ClusterMessageReceiver;
import io.memberlist.spring.messaging.ClusterRequestHandler;
import io.memberlist.spring.messaging.ClusterRequestResponder;
import io.memberlist.spring.messaging.ClusterTopic;
import io.memberlist.spring.messaging.ClusterTopics;
import io.memberlist.spring.messaging.FakeMessaging;
import io.memberlist.spring.messaging.MemberlistTemplate;
import io.memberlist.spring.messaging.UnusableMessageTypeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class MemberlistMessagingAutoConfigurationTest {
    private final FakeMessaging messaging = new FakeMessaging();
    private final Memberlist member = messaging.member("a");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistAutoConfiguration.class,
                    MemberlistMessagingAutoConfiguration.class,
                    JacksonAutoConfiguration.class))
            .withBean(Memberlist.class, () -> member)
            .withBean(ClusterMessaging.class, () -> messaging);

    @Test
    void aListenerReceivesOnlyWhatItNames() {
        runner.withUserConfiguration(Listeners.class).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            template.broadcast(new OrderPlaced(1, "book")).join();
            template.send("b", new OrderCancelled(2)).join();

            Listeners listeners = context.getBean(Listeners.class);
            assertThat(listeners.placed).containsExactly(new OrderPlaced(1, "book"));
            assertThat(listeners.cancelled).containsExactly(new OrderCancelled(2));
            assertThat(listeners.all).hasSize(2);
            ClusterMessageEvent<?> event = listeners.all.get(0);
            assertThat(event.getSource()).isSameAs(member);
            assertThat(event.memberlist()).isSameAs(member);
            assertThat(event.member()).isSameAs(member.localMember());
            assertThat(event.isLocal()).isTrue();
            assertThat(event.topic()).isEqualTo(OrderPlaced.class.getName());
            assertThat(event.headers()).containsEntry("content-type", "application/json");
        });
    }

    @Test
    void receivesNothingThatNoListenerNames() {
        runner.withUserConfiguration(Listeners.class).run(context -> {
            context.getBean(MemberlistTemplate.class)
                    .broadcast(new NobodyListens("x"))
                    .join();

            assertThat(messaging.topics()).containsExactlyInAnyOrder(OrderPlaced.class.getName(), "orders.cancelled");
            assertThat(context.getBean(Listeners.class).all).isEmpty();
        });
    }

    @Test
    void listenersInAChildContextReceiveWhatTheyNameAsWellAndOnce() {
        runner.withUserConfiguration(ListenerBean.class).run(context -> {
            try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
                child.setParent(context.getSourceApplicationContext());
                child.register(Listeners.class);
                child.refresh();
                MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
                template.broadcast(new OrderPlaced(1, "book")).join();
                template.broadcast(new OrderCancelled(2)).join();

                Listeners listeners = child.getBean(Listeners.class);
                assertThat(listeners.placed).containsExactly(new OrderPlaced(1, "book"));
                assertThat(listeners.cancelled).containsExactly(new OrderCancelled(2));
                assertThat(listeners.all).hasSize(2);
                assertThat(context.getBean(ListenerBean.class).placed).hasSize(1);
            }
        });
    }

    @Test
    void handlersInAChildContextAnswerForAsLongAsItIsOpen() {
        runner.run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            try (AnnotationConfigApplicationContext child = child(context, Handlers.class)) {
                assertThat(template.request("b", new StockQuery("book"), Stock.class))
                        .isCompletedWithValue(new Stock("book from a", 3));
                assertThat(messaging.closed).isEmpty();
                assertThat(child.isActive()).isTrue();
            }
            assertThat(messaging.closed).hasSize(4);
            // The topics are free again.
            child(context, Handlers.class).close();
        });
    }

    @Test
    void twoContextsDoNotAnswerOneTopic() {
        runner.withUserConfiguration(Handlers.class)
                .run(context -> assertThatThrownBy(() -> child(context, Handlers.class))
                        .isInstanceOf(UnusableMessageTypeException.class)
                        .hasMessageContaining("Two methods answer topic"));
    }

    private static AnnotationConfigApplicationContext child(
            AssertableApplicationContext parent, Class<?> configuration) {
        AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
        child.setParent(parent.getSourceApplicationContext());
        child.register(configuration);
        child.refresh();
        return child;
    }

    @Test
    void aSealedTypeStandsForItsSubclasses() {
        runner.withUserConfiguration(SealedListener.class).run(context -> {
            context.getBean(MemberlistTemplate.class).broadcast(new Circle(3)).join();

            assertThat(context.getBean(SealedListener.class).shapes).containsExactly(new Circle(3));
            assertThat(messaging.topics()).containsExactlyInAnyOrder(Circle.class.getName(), Square.class.getName());
        });
    }

    @Test
    void findsListenersThatAreBeansOfTheirOwn() {
        runner.withUserConfiguration(ListenerBean.class).run(context -> {
            context.getBean(MemberlistTemplate.class)
                    .broadcast(new OrderPlaced(1, "pen"))
                    .join();

            assertThat(context.getBean(ListenerBean.class).placed).containsExactly(new OrderPlaced(1, "pen"));
        });
    }

    @Test
    void bytesAndTextsTravelAsTheyAre() {
        runner.withUserConfiguration(SimpleListeners.class).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            template.broadcast("\u00fc").join();
            template.broadcast(new byte[] {1, 2}).join();

            assertThat(context.getBean(SimpleListeners.class).heard).containsExactly("\u00fc", "[1, 2]");
            assertThat(messaging.sent.get(0).payloadText()).isEqualTo("\u00fc");
            assertThat(messaging.sent.get(1).topic()).isEqualTo("byte[]");
        });
    }

    @Test
    void aTopicCanBeConfigured() {
        runner.withUserConfiguration(Listeners.class)
                .withPropertyValues(
                        "memberlist.messaging.topics[orders.placed]=" + OrderPlaced.class.getName(),
                        "memberlist.messaging.topics.silent=" + NobodyListens.class.getName())
                .run(context -> {
                    context.getBean(MemberlistTemplate.class)
                            .broadcast(new OrderPlaced(1, "ink"))
                            .join();

                    assertThat(messaging.sent.get(0).topic()).isEqualTo("orders.placed");
                    assertThat(messaging.topics())
                            .containsExactlyInAnyOrder("orders.placed", "silent", "orders.cancelled");
                    assertThat(context.getBean(Listeners.class).placed).hasSize(1);
                });
    }

    @Test
    void refusesAClassWithTwoTopicsAndATopicWithTwoClasses() {
        runner.withPropertyValues(
                        "memberlist.messaging.topics.a=" + OrderPlaced.class.getName(),
                        "memberlist.messaging.topics.b=" + OrderPlaced.class.getName())
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("memberlist.messaging.topics")
                        .hasStackTraceContaining("has two topics"));
        runner.withUserConfiguration(Listeners.class)
                .withPropertyValues("memberlist.messaging.topics[orders.cancelled]=" + OrderPlaced.class.getName())
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("The topic 'orders.cancelled' belongs to"));
    }

    @Test
    void whatCannotBeConvertedIsNoEventAndHarmsNoOther(CapturedOutput output) {
        runner.withUserConfiguration(Listeners.class).run(context -> {
            messaging.arrive(OrderPlaced.class.getName(), "{\"id\":".getBytes(StandardCharsets.UTF_8), Map.of());
            messaging.arrive(OrderPlaced.class.getName(), new byte[] {(byte) 0xff}, Map.of("content-type", "a b c"));
            messaging.arrive(
                    OrderPlaced.class.getName(),
                    "{\"id\":5,\"unknown\":true}".getBytes(StandardCharsets.UTF_8),
                    Map.of("content-type", "application/json"));

            assertThat(context.getBean(Listeners.class).placed)
                    .extracting(OrderPlaced::id)
                    .containsExactly(5);
            assertThat(output)
                    // Two of them, and one line: the second comes a moment later.
                    .containsOnlyOnce("cannot become a " + OrderPlaced.class.getName())
                    .doesNotContain("A listener failed")
                    .doesNotContain("\tat ");
        });
    }

    @Test
    void nothingIsNoMessage() {
        runner.run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> template.broadcast(null))
                    .withMessageContaining("payload must not be null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> template.broadcast("t", null))
                    .withMessageContaining("payload must not be null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> template.broadcast("", "x"))
                    .withMessageContaining("topic must not be empty");
        });
    }

    @Test
    void requestsAreAnswered() {
        runner.withUserConfiguration(Handlers.class).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);

            assertThat(template.request("b", new StockQuery("book"), Stock.class)
                            .join())
                    .isEqualTo(new Stock("book from a", 3));
            assertThat(template.request("b", new Later(2), Integer.class).join())
                    .isEqualTo(4);
            assertThat(template.request("b", new OrderCancelled(9), Void.class).join())
                    .isNull();
            assertThat(template.request(member.localMember(), "by.name", "x", String.class, Duration.ofSeconds(1))
                            .join())
                    .isEqualTo("x!");
            assertThat(context.getBean(Handlers.class).cancelled).containsExactly(9);
        });
    }

    @Test
    void aRequestFailsWithWhatTheHandlerThrows() {
        runner.withUserConfiguration(Handlers.class).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);

            assertThat(template.request("b", new StockQuery("unknown"), Stock.class))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("no such item");
            assertThat(template.request("b", new StockQuery("bug"), Stock.class))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("a bug");
            assertThat(template.request("b", new NobodyListens("x"), Stock.class))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withCauseInstanceOf(MessagingException.class);
            assertThat(template.request("nobody", new StockQuery("book"), Stock.class))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withMessageContaining("no member 'nobody' is known");
        });
    }

    @Test
    void refusesAHandlerWithOtherParameters() {
        runner.withUserConfiguration(BadHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("must take one parameter, the request"));
    }

    @Test
    void refusesAHandlerWhoseAnswerWouldNotBeWaitedFor() {
        runner.withUserConfiguration(FutureHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("return the answer or a CompletionStage of it"));
    }

    @Test
    void refusesAHandlerOfWhatIsNeverSent() {
        runner.withUserConfiguration(SealedHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("which is sealed: have a method for each of its subclasses"));
    }

    @Test
    void namesBothHandlersOfOneTopic() {
        runner.withUserConfiguration(Handlers.class, SecondHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("Two methods answer topic 'by.name'")
                        .hasStackTraceContaining("Handlers.named(java.lang.String)")
                        .hasStackTraceContaining("SecondHandler.again(java.lang.String)"));
    }

    @Test
    void refusesAListenerToAClassWithTypeParameters() {
        runner.withUserConfiguration(BoxListener.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("has type parameters, which do not travel"));
    }

    @Test
    void aRequestThatCannotBeReadFailsWithoutTellingHowAndWarnsOnce(CapturedOutput output) {
        runner.withUserConfiguration(NumberHandler.class).run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            assertThat(template.request(member.localMember(), "number", 41, Integer.class, Duration.ofSeconds(1))
                            .join())
                    .isEqualTo(42);
            for (int i = 0; i < 2; i++) {
                assertThat(template.request(
                                member.localMember(),
                                "number",
                                new OrderPlaced(1, "x"),
                                Integer.class,
                                Duration.ofSeconds(1)))
                        .failsWithin(Duration.ofSeconds(1))
                        .withThrowableThat()
                        .withMessageContaining("the request cannot become a Integer")
                        .withMessageNotContaining("item");
            }
        });

        assertThat(output).containsOnlyOnce("on topic 'number' cannot become a java.lang.Integer");
        assertThat(output).doesNotContain("ERROR");
    }

    @Configuration(proxyBeanMethods = false)
    static class FutureHandler {
        @ClusterRequestHandler("future")
        java.util.concurrent.Future<String> answer(String text) {
            return new java.util.concurrent.FutureTask<>(() -> text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SealedHandler {
        @ClusterRequestHandler("shape")
        String answer(Shape shape) {
            return shape.toString();
        }
    }

    record Box<T>(T content) {}

    @Configuration(proxyBeanMethods = false)
    static class BoxListener {
        @EventListener
        void on(ClusterMessageEvent<Box<OrderPlaced>> event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class NumberHandler {
        @ClusterRequestHandler("number")
        int next(int number) {
            return number + 1;
        }
    }

    @Test
    void withoutJacksonTextsTravelAndObjectsAreRefused() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
                .withUserConfiguration(SimpleListeners.class)
                .run(context -> {
                    MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
                    template.broadcast("text").join();

                    assertThat(context.getBean(SimpleListeners.class).heard).containsExactly("text");
                    assertThat(template.broadcast(new OrderPlaced(1, "x")))
                            .failsWithin(Duration.ofSeconds(5))
                            .withThrowableThat()
                            .withMessageContaining("spring-boot-starter-jackson");
                });
    }

    @Test
    void usesAMapperOfItsOwnWhereThereIsNoBean() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MemberlistAutoConfiguration.class, MemberlistMessagingAutoConfiguration.class))
                .withBean(Memberlist.class, () -> member)
                .withBean(ClusterMessaging.class, () -> messaging)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(JsonMapper.class);
                    context.getBean(MemberlistTemplate.class)
                            .broadcast(new OrderPlaced(1, "x"))
                            .join();
                    assertThat(messaging.sent.get(0).payloadText()).isEqualTo("{\"id\":1,\"item\":\"x\"}");
                });
    }

    @Test
    void isSwitchedOffByProperties() {
        for (String property : List.of("memberlist.enabled=false", "memberlist.messaging.enabled=false")) {
            runner.withPropertyValues(property)
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(MemberlistTemplate.class)
                            .doesNotHaveBean(ClusterMessageReceiver.class)
                            .doesNotHaveBean(ClusterRequestResponder.class));
        }
    }

    @Test
    void backsOffWithoutAMember() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MemberlistMessagingAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MemberlistTemplate.class));
    }

    @Test
    void theApplicationsOwnBeansWin() {
        MemberlistTemplate template = mock(MemberlistTemplate.class);
        ClusterTopics topics = new ClusterTopics(Map.of("t", OrderPlaced.class));
        runner.withBean("ownTemplate", MemberlistTemplate.class, () -> template)
                .withBean("ownTopics", ClusterTopics.class, () -> topics)
                .withBean("ownConverter", ClusterMessageConverter.class, () -> ClusterMessageConverter.of(null))
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(MemberlistTemplate.class)
                            .hasSingleBean(ClusterTopics.class)
                            .hasSingleBean(ClusterMessageConverter.class);
                    assertThat(messaging.topics()).containsExactly("t");
                });
    }

    @Test
    void takesTheApplicationsOwnConverter() {
        runner.withBean(ClusterMessageConverter.class, Shouting::new).run(context -> {
            context.getBean(MemberlistTemplate.class).broadcast("hey").join();

            assertThat(messaging.sent.get(0).payloadText()).isEqualTo("hey!");
        });
    }

    /** Spring's WebSocket support, among others, has such beans. */
    @Test
    void leavesTheMessageConvertersOfOthersAlone() {
        runner.withBean(MessageConverter.class, ByteArrayMessageConverter::new).run(context -> {
            context.getBean(MemberlistTemplate.class)
                    .broadcast(new OrderPlaced(1, "x"))
                    .join();

            assertThat(messaging.sent.get(0).payloadText()).isEqualTo("{\"id\":1,\"item\":\"x\"}");
        });
    }

    @Test
    void closesItsSubscriptionsWithTheContext() {
        runner.withUserConfiguration(Listeners.class).run(AssertableApplicationContext::close);

        assertThat(messaging.closed).hasSize(2);
    }

    @Test
    void refusesARequestTimeoutOfZero() {
        runner.withPropertyValues("memberlist.messaging.request-timeout=0s")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("memberlist.messaging.request-timeout"));
    }

    private static final class Shouting implements ClusterMessageConverter {
        @Override
        public byte[] toPayload(Object object, Map<String, String> headers) {
            return (object + "!").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T toObject(byte[] payload, Map<String, String> headers, Class<T> type) {
            throw new UnsupportedOperationException();
        }
    }

    record OrderPlaced(int id, String item) {}

    @ClusterTopic("orders.cancelled")
    record OrderCancelled(int id) {}

    record NobodyListens(String text) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record StockQuery(String item) {}

    record Stock(String item, int count) {}

    record Later(int number) {}

    @Configuration(proxyBeanMethods = false)
    static class Listeners {
        final List<OrderPlaced> placed = new ArrayList<>();
        final List<OrderCancelled> cancelled = new ArrayList<>();
        final List<ClusterMessageEvent<?>> all = new ArrayList<>();

        @EventListener
        void onPlaced(ClusterMessageEvent<OrderPlaced> event) {
            placed.add(event.payload());
        }

        @EventListener
        void onCancelled(ClusterMessageEvent<OrderCancelled> event) {
            cancelled.add(event.payload());
        }

        @EventListener
        void onAny(ClusterMessageEvent<?> event) {
            all.add(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SealedListener {
        final List<Shape> shapes = new ArrayList<>();

        @EventListener
        void on(ClusterMessageEvent<? extends Shape> event) {
            shapes.add(event.payload());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ListenerBean {
        final List<OrderPlaced> placed = new ArrayList<>();

        @Bean
        ApplicationListener<ClusterMessageEvent<OrderPlaced>> listener() {
            return event -> placed.add(event.payload());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SimpleListeners {
        final List<String> heard = new ArrayList<>();

        @EventListener
        void onText(ClusterMessageEvent<String> event) {
            heard.add(event.payload());
        }

        @EventListener
        void onBytes(ClusterMessageEvent<byte[]> event) {
            heard.add(Arrays.toString(event.payload()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {
        final List<Integer> cancelled = new ArrayList<>();

        @ClusterRequestHandler
        Stock stock(StockQuery query, ClusterMessage message) {
            if (query.item().equals("unknown")) {
                throw new IllegalArgumentException("no such item");
            }
            if (query.item().equals("bug")) {
                throw new AssertionError("a bug");
            }
            assertThat(message.kind()).isEqualTo(MessageKind.REQUEST);
            return new Stock(query.item() + " from " + message.origin(), 3);
        }

        @ClusterRequestHandler
        CompletionStage<Integer> later(Later request) {
            return CompletableFuture.supplyAsync(() -> request.number() * 2);
        }

        @ClusterRequestHandler
        void cancel(OrderCancelled order) {
            cancelled.add(order.id());
        }

        @ClusterRequestHandler("by.name")
        String named(String text) {
            return text + "!";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondHandler {
        @ClusterRequestHandler("by.name")
        String again(String text) {
            return text;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BadHandler {
        @ClusterRequestHandler
        int sum(int a, int b) {
            return a + b;
        }
    }
}
