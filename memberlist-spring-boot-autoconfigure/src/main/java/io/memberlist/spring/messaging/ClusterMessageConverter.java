package io.memberlist.spring.messaging;

import io.memberlist.messaging.message.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts objects to the payloads of cluster messages and back. A bean of this type replaces the default, which sends
 * texts and bytes as they are and everything else as JSON. Called on any thread.
 */
public interface ClusterMessageConverter {
    /** The header with the media type of the payload, such as {@code application/json}. */
    String CONTENT_TYPE = "content-type";

    /**
     * {@return the payload}
     *
     * @param object the object to send
     * @param headers receives the {@link #CONTENT_TYPE}
     * @throws MessagingException if the object cannot be converted
     */
    byte[] toPayload(Object object, Map<String, String> headers);

    /**
     * {@return the object}
     *
     * @param payload the bytes that arrived
     * @param headers the headers that came with them
     * @param type the type to convert to
     * @throws MessagingException if the payload cannot be converted to the type
     */
    <T> T toObject(byte[] payload, Map<String, String> headers, Class<T> type);

    /**
     * {@return a converter for bytes, texts and everything that another converter can convert}
     *
     * @param objects converts other objects; null where only bytes and texts can be sent
     */
    static ClusterMessageConverter of(@Nullable ClusterMessageConverter objects) {
        return new SimplePayloads(objects);
    }
}
