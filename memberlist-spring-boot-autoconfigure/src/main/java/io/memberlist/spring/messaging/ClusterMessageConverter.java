package io.memberlist.spring.messaging;

import io.memberlist.messaging.MessagingException;
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

/** Turns objects into the payloads of cluster messages and back, by a {@link MessageConverter} of Spring's. */
public final class ClusterMessageConverter {
    /** The header that says what a payload is, as {@code application/json}. */
    public static final String CONTENT_TYPE = "content-type";

    private final MessageConverter converter;

    /** @param converter does the work */
    public ClusterMessageConverter(MessageConverter converter) {
        this.converter = converter;
    }

    /**
     * {@return a converter for bytes, texts and what another one does}
     *
     * @param objects does the rest; null where only bytes and texts shall travel
     */
    public static ClusterMessageConverter of(@Nullable MessageConverter objects) {
        List<MessageConverter> simple = List.of(new ByteArrayMessageConverter(), new StringMessageConverter());
        return new ClusterMessageConverter(new CompositeMessageConverter(
                objects == null ? simple : List.of(simple.get(0), simple.get(1), objects)));
    }

    /**
     * {@return the payload}
     *
     * @param object what to send
     * @param headers gets the {@link #CONTENT_TYPE}
     * @throws MessagingException if no converter is for it
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
     * @param payload what arrived
     * @param headers what came with it
     * @param type what it shall become
     * @throws MessagingException if no converter is for it
     * @throws org.springframework.messaging.converter.MessageConversionException if it is not what it should be
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
