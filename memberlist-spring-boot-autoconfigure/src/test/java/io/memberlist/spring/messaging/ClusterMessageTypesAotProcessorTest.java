package io.memberlist.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.memberlist.spring.event.ClusterMessageEvent;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationCode;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.event.EventListener;

class ClusterMessageTypesAotProcessorTest {
    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    @Test
    void namesWhatListenersAndHandlersConvert() {
        beans.registerBeanDefinition("application", new RootBeanDefinition(Application.class));
        RuntimeHints hints = new RuntimeHints();
        GenerationContext generation = mock(GenerationContext.class);
        when(generation.getRuntimeHints()).thenReturn(hints);

        BeanFactoryInitializationAotContribution contribution =
                new ClusterMessageTypesAotProcessor().processAheadOfTime(beans);
        Objects.requireNonNull(contribution).applyTo(generation, mock(BeanFactoryInitializationCode.class));

        for (Class<?> type : new Class<?>[] {Placed.class, Query.class, Answer.class}) {
            assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints);
        }
        assertThat(beans.containsSingleton("application"))
                .as("nothing is made while processing")
                .isFalse();
    }

    @Test
    void contributesNothingWhereNobodyListens() {
        assertThat(new ClusterMessageTypesAotProcessor().processAheadOfTime(beans))
                .isNull();
    }

    record Placed(int id) {}

    record Query(int id) {}

    record Answer(int id) {}

    static class Application {
        @EventListener
        void on(ClusterMessageEvent<Placed> event) {}

        @ClusterRequestHandler
        Answer answer(Query query) {
            return new Answer(query.id());
        }
    }
}
