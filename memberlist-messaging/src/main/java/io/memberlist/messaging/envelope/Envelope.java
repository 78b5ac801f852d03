package io.memberlist.messaging.envelope;

import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/**
 * What stands around a payload on the wire, read from the bytes it came in, which it keeps and nobody changes: a message
 * of megabytes exists once however long it is stored, handled and passed on. docs/messaging.md has the layout.
 *
 * @param bytes all of it
 * @param kind one of {@link EnvelopeFormat}'s
 * @param flags of {@link EnvelopeFormat}
 * @param hops how often it may still be passed on
 * @param ageMillis how old it was when it was sent
 * @param range whom its receiver shall pass it on to
 * @param origin whose it is
 * @param number counted by the origin
 * @param order counted by the origin for the topic; of an answer, the instance of the member that asked
 * @param createdMillis when, by the origin's wall clock, since 1970
 * @param payloadAt where the payload begins
 */
public record Envelope(
        byte[] bytes,
        int kind,
        int flags,
        int hops,
        long ageMillis,
        HashRange range,
        Origin origin,
        long number,
        long order,
        long createdMillis,
        String topic,
        Map<String, String> headers,
        int payloadAt) {
    public MessageId id() {
        return new MessageId(origin.name(), origin.instance(), number);
    }

    /** {@return what the application sees, which shares the bytes} */
    public ClusterMessage toMessage(MessageKind messageKind, Arrival arrival, boolean late) {
        return new ClusterMessage(
                id(),
                messageKind,
                topic,
                headers,
                ByteBuffer.wrap(bytes, payloadAt, payloadLength()),
                messageKind == MessageKind.BROADCAST ? order : 0,
                Instant.ofEpochMilli(createdMillis),
                arrival,
                late);
    }

    /** {@return a copy to pass on} */
    public byte[] passedOn(int hops, long ageMillis, HashRange range) {
        return EnvelopeFormat.passedOn(bytes, flags & ~EnvelopeFormat.REPAIR, hops, ageMillis, range);
    }

    public int payloadLength() {
        return bytes.length - payloadAt;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public String toString() {
        return "Envelope[kind=" + kind + " " + id() + " topic=" + topic + " " + payloadLength() + " bytes]";
    }
}
