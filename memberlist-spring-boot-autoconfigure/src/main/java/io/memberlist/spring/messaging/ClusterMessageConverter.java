package io.memberlist.spring.messaging;

import io.memberlist.messaging.message.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.MessageBuilder;

/** Converts objects to the payloads of cluster messages and back, with one of Spring's {@link MessageConverter}s. */
public final class ClusterMessageConverter {
    /** The header with the media type of the payload, such as {@code application/json}. */
    public static final String CONTENT_TYPE = "content-type";

    private final MessageConverter converter;

    /** @param converter converts objects to payloads and back */
    public ClusterMessageConverter(MessageConverter converter) {
        this.converter = converter;
    }

    /**
     * {@return a converter for bytes, texts and everything that another converter can convert}
     *
     * @param objects converts other objects; null where only bytes and texts can be sent
     */
    public static ClusterMessageConverter of(@Nullable MessageConverter objects) {
        List<MessageConverter> simple = List.of(new ByteArrayMessageConverter(), new StringMessageConverter());
        return new ClusterMessageConverter(new CompositeMessageConverter(
                objects == null ? simple : List.of(simple.get(0), simple.get(1), objects)));
    }

    /**
     * {@return the payload}
     *
     * @param object the object to send
     * @param headers receives the {@link #CONTENT_TYPE}
     * @throws MessagingException if no converter can convert the object
     */
    public byte[] toPayload(Object object, Map<String, String> headers) {
        Message<?> message = converter.toMessage(object, null);
        if (message == null) {
            throw noConverter(object.getClass());
        }
        Object contentType = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
        if (contentType != null) {
            headers.put(CONTENT_TYPE, contentType.toString());
        }
        Object payload = message.getPayload();
        if (payload instanceof byte[] bytes) {
            return bytes;
        }
        if (payload instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        throw noConverter(object.getClass());
    }

    /**
     * {@return the object}
     *
     * @param payload the bytes that arrived
     * @param headers the headers that came with them
     * @param type the type to convert to
     * @throws MessagingException if no converter can convert to the type
     * @throws org.springframework.messaging.converter.MessageConversionException if the payload is not of the type
     */
    public <T> T toObject(byte[] payload, Map<String, String> headers, Class<T> type) {
        Map<String, Object> all = new HashMap<>(headers);
        String contentType = headers.get(CONTENT_TYPE);
        if (contentType != null) {
            all.put(MessageHeaders.CONTENT_TYPE, contentType);
        }
        Object object = converter.fromMessage(MessageBuilder.createMessage(payload, new MessageHeaders(all)), type);
        if (object == null) {
            throw new MessagingException("no converter makes a " + type.getName() + " of "
                    + (contentType == null
                            ? "content that is not said to be of any type"
                            : "content of the type '" + contentType + "'")
                    + ": was it sent as something else? JSON needs Jackson 3 (spring-boot-starter-jackson), anything but"
                    + " JSON, texts and bytes a MessageConverter bean");
        }
        return type.cast(object);
    }

    private static MessagingException noConverter(Class<?> type) {
        return new MessagingException("no converter makes a cluster message of " + type.getName()
                + ": add Jackson 3 (spring-boot-starter-jackson) for JSON, or a MessageConverter"
                + " bean; byte[] and String need neither");
    }
}
