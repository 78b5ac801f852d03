package io.memberlist.sample;

import io.memberlist.messaging.message.MessageId;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.messaging.ClusterTopic;
import io.memberlist.spring.messaging.MemberlistTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Sends a message to every member of the cluster, and receives the messages of others. */
@Component
public class ClusterMessages {
    private final MemberlistTemplate template;
    private final ClusterLog log;

    ClusterMessages(MemberlistTemplate template, ClusterLog log) {
        this.template = template;
        this.log = log;
    }

    /**
     * A message, sent as JSON.
     *
     * @param text the text
     */
    @ClusterTopic(Greeting.TOPIC)
    public record Greeting(String text) {
        /** The topic of the message; without the annotation it would be the name of the class. */
        public static final String TOPIC = "sample.greeting";
    }

    /** Broadcasts to every member, this one included. Each receives the message once, and passes it on. */
    public CompletableFuture<MessageId> broadcast(String text) {
        return template.broadcast(new Greeting(text));
    }

    @EventListener
    void received(ClusterMessageEvent<Greeting> event) {
        log.add("message", event.origin(), "says: " + event.payload().text());
    }
}
