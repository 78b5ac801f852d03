package io.memberlist.spring.observation;

import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageKind;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/** The context of handling a received message or request. Its carrier is the message, with the headers that the sender set. */
public final class ClusterMessageReceiverContext extends ReceiverContext<ClusterMessage> {
    private final ClusterMessage message;

    /** @param message what arrived */
    public ClusterMessageReceiverContext(ClusterMessage message) {
        super(
                (carrier, key) -> carrier.headers().get(key),
                message.kind() == MessageKind.REQUEST ? Kind.SERVER : Kind.CONSUMER);
        this.message = message;
        setCarrier(message);
        setRemoteServiceName("memberlist");
    }

    /** {@return what arrived} */
    public ClusterMessage message() {
        return message;
    }
}
