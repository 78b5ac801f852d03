package io.memberlist.spring.messaging;

import io.memberlist.logging.LogText;
import io.memberlist.messaging.message.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/** Leaves bytes and texts as they are, and has another converter convert everything else. */
record SimplePayloads(@Nullable ClusterMessageConverter objects) implements ClusterMessageConverter {
    private static final String TEXT = "text/plain;charset=UTF-8";

    @Override
    public byte[] toPayload(Object object, Map<String, String> headers) {
        if (object instanceof byte[] bytes) {
            headers.put(CONTENT_TYPE, MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE);
            return bytes;
        }
        if (object instanceof String text) {
            headers.put(CONTENT_TYPE, TEXT);
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (objects == null) {
            throw new MessagingException("no converter makes a cluster message of "
                    + object.getClass().getName()
                    + ": add Jackson 3 (spring-boot-starter-jackson) for JSON, or a ClusterMessageConverter"
                    + " bean; byte[] and String need neither");
        }
        return objects.toPayload(object, headers);
    }

    @Override
    public <T> T toObject(byte[] payload, Map<String, String> headers, Class<T> type) {
        MimeType contentType = contentType(headers);
        if (type == byte[].class && isOrUnknown(contentType, MimeTypeUtils.APPLICATION_OCTET_STREAM)) {
            return type.cast(payload);
        }
        if (type == String.class && isOrUnknown(contentType, MimeTypeUtils.TEXT_PLAIN)) {
            return type.cast(new String(
                    payload,
                    contentType == null || contentType.getCharset() == null
                            ? StandardCharsets.UTF_8
                            : contentType.getCharset()));
        }
        if (objects == null) {
            throw unreadable(contentType, type);
        }
        return objects.toObject(payload, headers, type);
    }

    /** {@return the type of the payload; null if the sender did not name it} */
    static @Nullable MimeType contentType(Map<String, String> headers) {
        String text = headers.get(CONTENT_TYPE);
        try {
            return text == null ? null : MimeTypeUtils.parseMimeType(text);
        } catch (IllegalArgumentException e) {
            throw new MessagingException("'" + LogText.printable(text) + "' is no content type", e);
        }
    }

    static MessagingException unreadable(@Nullable MimeType contentType, Class<?> type) {
        return new MessagingException("no converter makes a " + type.getName() + " of "
                + (contentType == null
                        ? "content that is not said to be of any type"
                        : "content of the type '" + LogText.printable(contentType) + "'")
                + ": was it sent as something else? JSON needs Jackson 3 (spring-boot-starter-jackson), anything but"
                + " JSON, texts and bytes a ClusterMessageConverter bean");
    }

    private static boolean isOrUnknown(@Nullable MimeType contentType, MimeType expected) {
        return contentType == null || expected.includes(contentType);
    }
}
