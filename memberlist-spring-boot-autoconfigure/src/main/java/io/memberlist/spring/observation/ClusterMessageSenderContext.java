package io.memberlist.spring.observation;

import io.memberlist.messaging.message.MessageKind;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context of sending a message or request. Its carrier is the message's headers. */
public final class ClusterMessageSenderContext extends SenderContext<Map<String, String>> {
    private final MessageKind messageKind;
    private final String topic;
    private final @Nullable String receiver;

    /**
     * @param messageKind what the message is meant for
     * @param topic its topic
     * @param receiver the name of the member it goes to; null for all
     * @param headers the headers that travel with it
     */
    public ClusterMessageSenderContext(
            MessageKind messageKind, String topic, @Nullable String receiver, Map<String, String> headers) {
        super(
                (carrier, key, value) -> {
                    if (carrier != null) {
                        carrier.put(key, value);
                    }
                },
                messageKind == MessageKind.REQUEST ? Kind.CLIENT : Kind.PRODUCER);
        this.messageKind = messageKind;
        this.topic = topic;
        this.receiver = receiver;
        setCarrier(headers);
        setRemoteServiceName("memberlist");
    }

    /** {@return what the message is meant for} */
    public MessageKind messageKind() {
        return messageKind;
    }

    /** {@return the topic} */
    public String topic() {
        return topic;
    }

    /** {@return the name of the member it goes to; null for all} */
    public @Nullable String receiver() {
        return receiver;
    }
}
