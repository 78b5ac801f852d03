package io.memberlist.messaging;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessagingException;
import java.util.Map;

/** The bounds of what an application sends. Every complaint names the value, the limit and the remedy. */
final class MessageRules {
    private static final int HEADER_NAME_MAX_BYTES = 255;

    private MessageRules() {}

    static void topic(String topic) {
        int bytes = EnvelopeFormat.utf8(topic).length;
        if (bytes == 0) {
            throw new MessagingException("the topic is empty: give it a name");
        }
        if (bytes > ClusterMessage.TOPIC_MAX_BYTES) {
            throw new MessagingException("the topic is " + bytes + " bytes long; the limit is "
                    + ClusterMessage.TOPIC_MAX_BYTES + ": choose a shorter one");
        }
    }

    static void headers(Map<String, String> headers) {
        if (headers.size() > ClusterMessage.HEADERS_MAX_COUNT) {
            throw new MessagingException("there are " + headers.size() + " headers; the limit is "
                    + ClusterMessage.HEADERS_MAX_COUNT + ": put more into the payload");
        }
        int bytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            int name = EnvelopeFormat.utf8(header.getKey()).length;
            if (name == 0 || name > HEADER_NAME_MAX_BYTES) {
                throw new MessagingException("the header name '" + header.getKey() + "' is " + name
                        + " bytes long: it must have 1 to " + HEADER_NAME_MAX_BYTES);
            }
            bytes += name + EnvelopeFormat.utf8(header.getValue()).length;
        }
        if (bytes > ClusterMessage.HEADERS_MAX_BYTES) {
            throw new MessagingException("the headers have " + bytes + " bytes; the limit is "
                    + ClusterMessage.HEADERS_MAX_BYTES + ": put more into the payload");
        }
    }

    /**
     * Checks that a message is not too long.
     *
     * @param message its length with the envelope; before that is made, the length of the payload
     * @param context knows the limit
     */
    static void length(int payload, int message, ExtensionContext context) {
        int limit = context.maxStreamPayload();
        if (message > limit) {
            throw new MessagingException("a payload of " + payload
                    + " bytes is too long: with its envelope it may have " + limit + " bytes; split it, or raise "
                    + context.settingName("limits.userMessageSize") + " at every member");
        }
    }
}
