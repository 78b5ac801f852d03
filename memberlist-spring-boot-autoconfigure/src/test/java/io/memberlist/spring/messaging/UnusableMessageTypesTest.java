package io.memberlist.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistMessagingAutoConfiguration;
import io.memberlist.spring.event.ClusterMessageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

/** What can never arrive is refused at the start, or at the call. */
@ExtendWith(OutputCaptureExtension.class)
class UnusableMessageTypesTest {
    private final FakeMessaging messaging = new FakeMessaging();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistAutoConfiguration.class,
                    MemberlistMessagingAutoConfiguration.class,
                    JacksonAutoConfiguration.class))
            .withBean(Memberlist.class, () -> messaging.member("a"))
            .withBean(ClusterMessaging.class, () -> messaging);

    @ParameterizedTest
    @ValueSource(
            classes = {
                OfAnObject.class,
                OfASealedType.class,
                OfAnInterface.class,
                OfAnyOfAnInterface.class,
                OfAList.class,
                HandlerOfAList.class,
                HandlerOfAnInterface.class,
                HandlerOfAnObject.class
            })
    void aMethodThatWouldNeverBeCalledStopsTheStart(Class<?> bean) {
        runner.withBean(bean).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).isInstanceOfSatisfying(UnusableMessageTypeException.class, e -> {
                assertThat(e.problem())
                        .matches("the @(EventListener|ClusterRequestHandler) method .*")
                        .contains(" " + bean.getTypeName() + ".on(");
                assertThat(e.remedy()).isNotBlank();
            });
        });
    }

    @Test
    void twoClassesOfOneTopicAreNamedWithTheirListeners() {
        runner.withBean(OfFirst.class)
                .withBean(OfSecond.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("OfFirst.on(")
                        .hasMessageContaining("OfSecond.on("));
    }

    @Test
    void anOpenTypeIsFineWhereItsClassesAreNamed() {
        runner.withBean(OfAnyOfAnInterface.class)
                .withPropertyValues("memberlist.messaging.topics.dog=" + Dog.class.getName())
                .run(context -> {
                    context.getBean(MemberlistTemplate.class)
                            .broadcast(new Dog("Rex"))
                            .join();
                    assertThat(context.getBean(OfAnyOfAnInterface.class).animals)
                            .containsExactly(new Dog("Rex"));
                });
    }

    /** Such as a listener for the log of an application that only sends: it is no reason to refuse the start. */
    @ParameterizedTest
    @ValueSource(classes = {OfAll.class, OfRawEvents.class})
    void aListenerToAllThatReceivesNothingIsWarnedOf(Class<?> bean, CapturedOutput output) {
        runner.withBean(bean).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output)
                    .contains(" " + bean.getTypeName() + ".on(")
                    .contains("receives no message, since nothing names a class of messages");
        });
    }

    @Test
    void aListenerToAllIsFineWhereClassesAreNamed(CapturedOutput output) {
        runner.withBean(OfAll.class)
                .withBean(OfAnEnum.class)
                .run(context -> assertThat(context).hasNotFailed());
        runner.withBean(OfAll.class)
                .withPropertyValues("memberlist.messaging.topics.dog=" + Dog.class.getName())
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("receives no message");
    }

    @Test
    void anEnumIsListenedToWhateverItsConstantsHave() {
        runner.withBean(OfAnEnum.class).run(context -> {
            context.getBean(MemberlistTemplate.class).broadcast(Mode.SPECIAL).join();
            assertThat(context.getBean(OfAnEnum.class).modes).containsExactly(Mode.SPECIAL);
        });
    }

    @Test
    void anObjectThatCouldArriveNowhereIsRefusedAtTheCall() {
        runner.run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            for (Object payload : List.of(List.of("x"), new ArrayList<>(), Map.of("k", "v"), new Object() {})) {
                assertThatThrownBy(() -> template.broadcast(payload))
                        .isInstanceOf(UnusableMessageTypeException.class)
                        .hasMessageContaining("send a record that holds it");
            }
            template.broadcast("named", List.of("x")).join();
            assertThat(messaging.sent).hasSize(1);
        });
    }

    interface Animal {}

    record Dog(String name) implements Animal {}

    sealed interface Shape permits Circle {}

    record Circle(int radius) implements Shape {}

    enum Mode {
        PLAIN,
        SPECIAL {
            @Override
            public String toString() {
                return "special";
            }
        }
    }

    @ClusterTopic("one")
    record First(int x) {}

    @ClusterTopic("one")
    record Second(int x) {}

    static class OfAnObject {
        @EventListener
        void on(ClusterMessageEvent<Object> event) {}
    }

    static class OfASealedType {
        @EventListener
        void on(ClusterMessageEvent<Shape> event) {}
    }

    static class OfAnInterface {
        @EventListener
        void on(ClusterMessageEvent<Animal> event) {}
    }

    static class OfAnyOfAnInterface {
        final List<Animal> animals = new ArrayList<>();

        @EventListener
        void on(ClusterMessageEvent<? extends Animal> event) {
            animals.add(event.payload());
        }
    }

    static class OfAll {
        @EventListener
        void on(ClusterMessageEvent<?> event) {}
    }

    @SuppressWarnings("rawtypes")
    static class OfRawEvents {
        @EventListener
        void on(ClusterMessageEvent event) {}
    }

    static class OfAList {
        @EventListener
        void on(ClusterMessageEvent<List<Dog>> event) {}
    }

    static class OfAnEnum {
        final List<Mode> modes = new ArrayList<>();

        @EventListener
        void on(ClusterMessageEvent<Mode> event) {
            modes.add(event.payload());
        }
    }

    static class OfFirst {
        @EventListener
        void on(ClusterMessageEvent<First> event) {}
    }

    static class OfSecond {
        @EventListener
        void on(ClusterMessageEvent<Second> event) {}
    }

    static class HandlerOfAList {
        @ClusterRequestHandler("list")
        String on(List<Dog> dogs) {
            return "";
        }
    }

    static class HandlerOfAnInterface {
        @ClusterRequestHandler
        String on(Animal animal) {
            return "";
        }
    }

    static class HandlerOfAnObject {
        @ClusterRequestHandler
        String on(Object object) {
            return "";
        }
    }
}
