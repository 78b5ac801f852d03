package io.memberlist.spring.messaging;

import io.memberlist.logging.LogText;
import io.memberlist.messaging.message.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts objects to JSON and back, in a way that survives rolling upgrades: a field that the sender does not know yet gets
 * its default, also if it is primitive; a field or the constant of an enum that only the sender knows is left out, with a
 * warning for each.
 *
 * @param mapper the application's mapper, made lenient in these
 */
public record JsonPayloads(JsonMapper mapper) implements ClusterMessageConverter {
    private static final MimeType OTHER_JSON = new MimeType("application", "*+json");

    /** Makes a copy of the mapper lenient. */
    public JsonPayloads {
        mapper = mapper.rebuild()
                .disable(
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addHandler(new UnknownInJson())
                .build();
    }

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
            throw new MessagingException(
                    "the JSON is no " + type.getName() + ": " + LogText.printable(e.getOriginalMessage()), e);
        }
    }

    private static boolean isJson(@Nullable MimeType contentType) {
        return contentType == null
                || MimeTypeUtils.APPLICATION_JSON.includes(contentType)
                || OTHER_JSON.includes(contentType);
    }
}
