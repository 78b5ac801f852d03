package io.memberlist.spring.messaging;

import io.memberlist.messaging.message.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts objects to JSON and back.
 *
 * @param mapper the application's mapper
 */
public record JsonPayloads(JsonMapper mapper) implements ClusterMessageConverter {
    private static final MimeType OTHER_JSON = new MimeType("application", "*+json");

    @Override
    public byte[] toPayload(Object object, Map<String, String> headers) {
        try {
            byte[] payload = mapper.writeValueAsBytes(object);
            headers.put(CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON_VALUE);
            return payload;
        } catch (JacksonException e) {
            throw new MessagingException(
                    "no JSON can be made of " + object.getClass().getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public <T> T toObject(byte[] payload, Map<String, String> headers, Class<T> type) {
        MimeType contentType = SimplePayloads.contentType(headers);
        if (!isJson(contentType)) {
            throw SimplePayloads.unreadable(contentType, type);
        }
        try {
            T object = mapper.readValue(payload, type);
            if (object == null) {
                throw new MessagingException("the JSON is null, which is no " + type.getName());
            }
            return object;
        } catch (JacksonException e) {
            throw new MessagingException("the JSON is no " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    private static boolean isJson(@Nullable MimeType contentType) {
        return contentType == null
                || MimeTypeUtils.APPLICATION_JSON.includes(contentType)
                || OTHER_JSON.includes(contentType);
    }
}
