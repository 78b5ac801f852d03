package io.memberlist.sample;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessage;
import io.memberlist.messaging.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Says something to every member of the cluster, and hears what others say. */
@Component
public class ClusterMessages {
    /** What is said here is heard by those that listen to the same topic. */
    public static final String TOPIC = "sample.hello";

    private final Memberlist memberlist;
    private final ClusterLog log;

    ClusterMessages(Memberlist memberlist, ClusterLog log) {
        this.memberlist = memberlist;
        this.log = log;
        memberlist.messaging().subscribe(TOPIC, this::received);
    }

    /** Tells every member, this one included. Each hears it once, and passes it on. */
    public CompletableFuture<MessageId> broadcast(String text) {
        return memberlist.messaging().broadcast(TOPIC, text.getBytes(StandardCharsets.UTF_8));
    }

    private void received(ClusterMessage message) {
        log.add("message", message.origin(), "says: " + message.payloadText());
    }
}
