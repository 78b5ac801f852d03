package io.memberlist.spring.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

class ContextEventsTest {
    private final Member self = TestMembers.member("a", MemberState.ALIVE, "");
    private final Memberlist engine = TestMembers.engine(self);
    private final List<String> heard = new ArrayList<>();
    private final AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext();

    @BeforeEach
    void refresh() {
        parent.registerBean("listener", Listener.class, () -> new Listener("parent"));
        parent.registerBean("events", ContextEvents.class, () -> new ContextEvents(parent));
        parent.refresh();
    }

    @AfterEach
    void close() {
        parent.close();
    }

    private AnnotationConfigApplicationContext child(ApplicationContext of, String name) {
        AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
        child.setParent(of);
        child.registerBean("listener", Listener.class, () -> new Listener(name));
        child.refresh();
        return child;
    }

    private void publish() {
        parent.getBean(ContextEvents.class).publish(new MemberJoinedEvent(engine, self));
    }

    @Test
    void listenersOfAllDescendantsAreCalledOnce() {
        AnnotationConfigApplicationContext child = child(parent, "child");
        AnnotationConfigApplicationContext grandchild = child(child, "grandchild");

        publish();
        assertThat(heard).containsExactly("parent", "child", "grandchild");

        heard.clear();
        grandchild.close();
        publish();
        assertThat(heard).containsExactly("parent", "child");

        heard.clear();
        child.close();
        publish();
        assertThat(heard).containsExactly("parent");
    }

    @Test
    void listenersOfChildrenAreCalledAlthoughOneOfTheParentFails() {
        parent.addApplicationListener(event -> {
            if (event instanceof MemberJoinedEvent) {
                throw new IllegalStateException("broken");
            }
        });
        child(parent, "child");

        assertThatIllegalStateException().isThrownBy(this::publish).withMessage("broken");
        assertThat(heard).contains("child");
    }

    final class Listener {
        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @EventListener
        void on(MemberJoinedEvent event) {
            heard.add(name);
        }
    }
}
