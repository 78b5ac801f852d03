package io.memberlist.sample;

import io.memberlist.messaging.message.MessageId;
import io.memberlist.spring.MemberlistTemplate;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.messaging.ClusterTopic;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says something to every member of the cluster, and hears what others say. */
@Component
public class ClusterMessages {
    private final MemberlistTemplate template;
    private final ClusterLog log;

    ClusterMessages(MemberlistTemplate template, ClusterLog log) {
        this.template = template;
        this.log = log;
    }

    /**
     * What is said; it travels as JSON.
     *
     * @param text in words
     */
    @ClusterTopic(Greeting.TOPIC)
    public record Greeting(String text) {
        /** Who listens to the topic hears it; without the annotation it would be the name of the class. */
        public static final String TOPIC = "sample.greeting";
    }

    /** Tells every member, this one included: each hears it once, and passes it on. */
    public CompletableFuture<MessageId> broadcast(String text) {
        return template.broadcast(new Greeting(text));
    }

    @EventListener
    void received(ClusterMessageEvent<Greeting> event) {
        log.add("message", event.origin(), "says: " + event.payload().text());
    }
}
