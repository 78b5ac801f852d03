package io.memberlist.messaging.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/** One message. Immutable: who asks for the payload gets a copy. */
public final class ClusterMessage {
    /** The longest topic, in bytes of UTF-8. */
    public static final int TOPIC_MAX_BYTES = 255;

    /** The most headers a message may have. */
    public static final int HEADERS_MAX_COUNT = 32;

    /** The most bytes that names and values of the headers may have together, in UTF-8. */
    public static final int HEADERS_MAX_BYTES = 4096;

    private final MessageId id;
    private final MessageKind kind;
    private final String topic;
    private final Map<String, String> headers;
    private final byte[] bytes;
    private final int payloadAt;
    private final long order;
    private final Instant created;
    private final Arrival arrival;
    private final boolean late;

    /**
     * For tests of handlers; the engine makes what arrives.
     *
     * @param id what tells it from every other; holds the origin
     * @param kind what it is meant for
     * @param topic the topic
     * @param headers copied
     * @param payload copied
     * @param order counted by the origin for each topic from 1; 0 where it is no broadcast
     * @param created when, by the origin's wall clock
     * @param arrival how it came
     * @param late whether a later one of the same origin and topic was delivered before
     */
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
        this(id, kind, topic, Map.copyOf(headers), order, created, arrival, late, payload.clone(), 0);
    }

    private ClusterMessage(
            MessageId id,
            MessageKind kind,
            String topic,
            Map<String, String> headers,
            long order,
            Instant created,
            Arrival arrival,
            boolean late,
            byte[] bytes,
            int payloadAt) {
        this.id = id;
        this.kind = kind;
        this.topic = topic;
        this.headers = headers;
        this.bytes = bytes;
        this.payloadAt = payloadAt;
        this.order = order;
        this.created = created;
        this.arrival = arrival;
        this.late = late;
    }

    /** What a message is read from. */
    public interface Source {
        /** {@return what tells it from every other} */
        MessageId id();

        /** {@return its topic} */
        String topic();

        /** {@return its headers, which nobody changes} */
        Map<String, String> headers();

        /** {@return its place among the broadcasts of its origin on its topic} */
        long order();

        /** {@return when it was created, by the origin's wall clock, in milliseconds since 1970} */
        long createdMillis();

        /** {@return the bytes that end with its payload, which nobody changes} */
        byte[] bytes();

        /** {@return where in the bytes its payload begins} */
        int payloadAt();
    }

    /** {@return a message that shares the bytes it was read from} For the engine. */
    public static ClusterMessage of(Source envelope, MessageKind kind, Arrival arrival, boolean late) {
        return new ClusterMessage(
                envelope.id(),
                kind,
                envelope.topic(),
                envelope.headers(),
                kind == MessageKind.BROADCAST ? envelope.order() : 0,
                Instant.ofEpochMilli(envelope.createdMillis()),
                arrival,
                late,
                envelope.bytes(),
                envelope.payloadAt());
    }

    /** {@return what tells it from every other} */
    public MessageId id() {
        return id;
    }

    /** {@return the name of the member it comes from} */
    public String origin() {
        return id.origin();
    }

    /** {@return what it is meant for} */
    public MessageKind kind() {
        return kind;
    }

    /** {@return the topic} */
    public String topic() {
        return topic;
    }

    /** {@return named strings that travelled with it; immutable} */
    public Map<String, String> headers() {
        return headers;
    }

    /** {@return a copy of the payload} */
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadAt, bytes.length);
    }

    /** {@return the bytes of the payload} */
    public int payloadLength() {
        return bytes.length - payloadAt;
    }

    /** {@return the payload as UTF-8 text} */
    public String payloadText() {
        return new String(bytes, payloadAt, bytes.length - payloadAt, StandardCharsets.UTF_8);
    }

    /** {@return its place among the broadcasts of its origin on its topic, from 1; 0 where it is no broadcast} */
    public long order() {
        return order;
    }

    /** {@return when it was created, by the origin's wall clock} */
    public Instant created() {
        return created;
    }

    /** {@return how it came} */
    public Arrival arrival() {
        return arrival;
    }

    /** {@return whether a later one of the same origin and topic was delivered before it} */
    public boolean late() {
        return late;
    }

    /** {@return everything but the payload, of which the length, and the headers, of which the names} */
    @Override
    public String toString() {
        return "ClusterMessage[" + kind + " " + id + ", topic=" + topic + ", headers=" + headers.keySet() + ", "
                + payloadLength() + " bytes, order=" + order + ", created=" + created + ", arrival=" + arrival
                + (late ? ", late]" : "]");
    }
}
