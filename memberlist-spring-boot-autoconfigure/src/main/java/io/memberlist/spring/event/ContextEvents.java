package io.memberlist.spring.event;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Publishes events in the application context of the member and in all contexts below it. Spring passes events up to parents
 * and never down, so a listener in a child context would not be notified. Each listener is called once: a child's multicaster
 * calls the listeners of that child only.
 */
public final class ContextEvents implements ApplicationListener<ApplicationContextEvent> {
    private final ApplicationContext context;
    private final Set<ApplicationContext> children = new CopyOnWriteArraySet<>();

    /** @param context the context that the member is a bean of */
    public ContextEvents(ApplicationContext context) {
        this.context = context;
    }

    /** Notes which children there are, since their events come up to here. */
    @Override
    public void onApplicationEvent(ApplicationContextEvent event) {
        ApplicationContext child = event.getApplicationContext();
        if (child != context && event instanceof ContextRefreshedEvent) {
            children.add(child);
        } else if (event instanceof ContextClosedEvent) {
            children.remove(child);
        }
    }

    /** Calls all listeners on the thread of the caller, those of this context first. Throws what the first that failed threw. */
    public void publish(Object event) {
        try {
            context.publishEvent(event);
        } finally {
            if (event instanceof ApplicationEvent applicationEvent) {
                children.forEach(child -> multicaster(child).multicastEvent(applicationEvent));
            }
        }
    }

    private static ApplicationEventMulticaster multicaster(ApplicationContext child) {
        return child.getBean(
                AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME, ApplicationEventMulticaster.class);
    }
}
