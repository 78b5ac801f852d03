package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.messaging.message.ClusterMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;

/**
 * A cluster message arrived, converted to the type of its topic. A listener names the type it wants and receives only
 * that:
 *
 * <pre>{@code
 * @EventListener
 * void on(ClusterMessageEvent<OrderPlaced> event) { ... }
 * }</pre>
 *
 * <p>The type that a listener names also subscribes this member to its topic: messages of other topics are not received.
 * Delivered in the same manner as the membership events, and in order with them.
 *
 * @param <T> the type of the payload
 */
public final class ClusterMessageEvent<T> extends MemberlistEvent implements ResolvableTypeProvider {
    private static final long serialVersionUID = 1L;

    private final transient ClusterMessage message;
    private final transient T payload;
    private final transient @Nullable Member member;

    /**
     * @param memberlist the member that received the message
     * @param message what arrived
     * @param payload what it was converted to
     */
    public ClusterMessageEvent(Memberlist memberlist, ClusterMessage message, T payload) {
        super(memberlist);
        this.message = message;
        this.payload = payload;
        this.member = memberlist.member(message.origin()).orElse(null);
    }

    /** {@return the converted message} */
    public T payload() {
        return payload;
    }

    /** {@return the member that sent it, if it is known here} Broadcasts may arrive before their origin does. */
    public @Nullable Member member() {
        return member;
    }

    /** {@return the name of the member that sent it} */
    public String origin() {
        return message.origin();
    }

    /** {@return the topic} */
    public String topic() {
        return message.topic();
    }

    /** {@return the headers that the sender set; immutable} */
    public Map<String, String> headers() {
        return message.headers();
    }

    /** {@return the message as it arrived} */
    public ClusterMessage message() {
        return message;
    }

    /** {@return whether this member sent the message itself: a broadcast reaches its sender too} */
    public boolean isLocal() {
        return origin().equals(memberlist().localMember().name());
    }

    @Override
    public ResolvableType getResolvableType() {
        // A constant that has a body is of a class of its own, which nobody can name.
        ResolvableType type = payload instanceof Enum<?> constant
                ? ResolvableType.forClass(constant.getDeclaringClass())
                : ResolvableType.forInstance(payload);
        return ResolvableType.forClassWithGenerics(getClass(), type);
    }

    @Override
    public String toString() {
        return "ClusterMessageEvent[" + payload.getClass().getName() + ", " + message + "]";
    }
}
