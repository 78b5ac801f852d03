package io.memberlist.messaging.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * One message. Immutable: whoever asks for the payload gets a copy, or a view that cannot be written to.
 *
 * @param id what tells it from every other; holds the origin
 * @param kind what it is meant for
 * @param topic the topic
 * @param headers named strings that travelled with it, which nobody changes
 * @param content the payload, read-only; shared with the bytes that the message was read from, which nobody changes
 * @param order its place among the broadcasts of its origin on its topic, from 1; 0 where it is no broadcast
 * @param created when it was created, by the origin's wall clock
 * @param arrival how it came
 * @param late whether a later one of the same origin and topic was delivered before it
 */
public record ClusterMessage(
        MessageId id,
        MessageKind kind,
        String topic,
        Map<String, String> headers,
        ByteBuffer content,
        long order,
        Instant created,
        Arrival arrival,
        boolean late) {
    /** The longest topic, in bytes of UTF-8. */
    public static final int TOPIC_MAX_BYTES = 255;

    /** The most headers a message may have. */
    public static final int HEADERS_MAX_COUNT = 32;

    /** The most bytes that names and values of the headers may have together, in UTF-8. */
    public static final int HEADERS_MAX_BYTES = 4096;

    /** Shares the bytes and the headers. For the engine. */
    public ClusterMessage {
        content = content.slice().asReadOnlyBuffer();
    }

    /** Copies the payload and the headers. For tests of handlers; the engine makes what arrives. */
    public ClusterMessage(
            MessageId id,
            MessageKind kind,
            String topic,
            Map<String, String> headers,
            byte[] payload,
            long order,
            Instant created,
            Arrival arrival,
            boolean late) {
        this(id, kind, topic, Map.copyOf(headers), ByteBuffer.wrap(payload.clone()), order, created, arrival, late);
    }

    /** {@return the payload, without a copy: a read-only view whose position and limit belong to the caller} */
    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    /** {@return the name of the member it comes from} */
    public String origin() {
        return id.origin();
    }

    /** {@return a copy of the payload} */
    public byte[] payload() {
        byte[] payload = new byte[payloadLength()];
        content().get(payload);
        return payload;
    }

    /** {@return the bytes of the payload} */
    public int payloadLength() {
        return content.remaining();
    }

    /** {@return the payload as UTF-8 text} */
    public String payloadText() {
        return StandardCharsets.UTF_8.decode(content()).toString();
    }

    /** {@return everything but the payload, of which the length, and the headers, of which the names} */
    @Override
    public String toString() {
        return "ClusterMessage[" + kind + " " + id + ", topic=" + topic + ", headers=" + headers.keySet() + ", "
                + payloadLength() + " bytes, order=" + order + ", created=" + created + ", arrival=" + arrival
                + (late ? ", late]" : "]");
    }
}
