package io.memberlist.messaging.envelope;

import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.metrics.MessageDropReason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads bytes that somebody else wrote: every length is checked against what is there before anything is made of it. */
public final class EnvelopeReader {
    private final ByteBuffer in;

    EnvelopeReader(byte[] bytes, int from) {
        this.in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    }

    static Envelope message(byte[] bytes) throws EnvelopeException {
        int kind = EnvelopeFormat.kind(bytes);
        if (bytes.length < EnvelopeFormat.ORIGIN_AT) {
            throw malformed("a message of " + bytes.length + " bytes");
        }
        ByteBuffer fixed = ByteBuffer.wrap(bytes);
        EnvelopeReader in = new EnvelopeReader(bytes, EnvelopeFormat.ORIGIN_AT);
        String name = in.text(in.u16(), 1, EnvelopeFormat.ORIGIN_MAX_BYTES, "origin");
        String topic = in.text(in.u8(), 1, ClusterMessage.TOPIC_MAX_BYTES, "topic");
        Map<String, String> headers = in.headers();
        long payload = in.u32();
        if (payload != in.in.remaining()) {
            throw malformed("a payload of " + payload + " bytes is announced and " + in.in.remaining() + " are there");
        }
        return new Envelope(
                bytes,
                kind,
                bytes[EnvelopeFormat.FLAGS_AT] & 0xff,
                bytes[EnvelopeFormat.HOPS_AT] & 0xff,
                fixed.getInt(EnvelopeFormat.AGE_AT) & 0xffffffffL,
                new HashRange(
                        fixed.getInt(EnvelopeFormat.LOW_AT) & 0xffffffffL,
                        fixed.getInt(EnvelopeFormat.HIGH_AT) & 0xffffffffL),
                new Origin(name, fixed.getLong(EnvelopeFormat.INSTANCE_AT)),
                fixed.getLong(EnvelopeFormat.NUMBER_AT),
                fixed.getLong(EnvelopeFormat.ORDER_AT),
                fixed.getLong(EnvelopeFormat.CREATED_AT),
                topic,
                headers,
                in.in.position());
    }

    private Map<String, String> headers() throws EnvelopeException {
        int count = u8();
        if (count == 0) {
            return Map.of();
        }
        if (count > ClusterMessage.HEADERS_MAX_COUNT) {
            throw new EnvelopeException(MessageDropReason.TOO_LARGE, count + " headers");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        int room = ClusterMessage.HEADERS_MAX_BYTES;
        for (int i = 0; i < count; i++) {
            int keyLength = u8();
            String key = text(keyLength, 1, room, "header");
            room -= keyLength;
            int valueLength = u16();
            String value = text(valueLength, 0, room, "header");
            room -= valueLength;
            headers.put(key, value);
        }
        return Collections.unmodifiableMap(headers);
    }

    int u8() throws EnvelopeException {
        need(1);
        return in.get() & 0xff;
    }

    int u16() throws EnvelopeException {
        need(2);
        return in.getShort() & 0xffff;
    }

    long u32() throws EnvelopeException {
        need(4);
        return in.getInt() & 0xffffffffL;
    }

    long u64() throws EnvelopeException {
        need(8);
        return in.getLong();
    }

    byte[] bytes(long length) throws EnvelopeException {
        need(length);
        byte[] part = new byte[(int) length];
        in.get(part);
        return part;
    }

    boolean atEnd() {
        return !in.hasRemaining();
    }

    String text(int length, int min, int max, String what) throws EnvelopeException {
        if (length < min) {
            throw malformed("no " + what);
        }
        if (length > max) {
            throw new EnvelopeException(
                    MessageDropReason.TOO_LARGE, "a " + what + " of " + length + " bytes, above " + max);
        }
        need(length);
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw malformed("a " + what + " that is not UTF-8");
        }
    }

    private void need(long bytes) throws EnvelopeException {
        if (in.remaining() < bytes) {
            throw malformed("cut off after " + in.limit() + " bytes");
        }
    }

    public static EnvelopeException malformed(String what) {
        return new EnvelopeException(MessageDropReason.MALFORMED, what);
    }
}
