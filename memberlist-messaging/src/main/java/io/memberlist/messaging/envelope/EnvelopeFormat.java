package io.memberlist.messaging.envelope;

import io.memberlist.messaging.metrics.MessageDropReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The layout of envelopes: numbers are unsigned and big-endian. docs/messaging.md describes it byte by byte. */
public final class EnvelopeFormat {
    /** 0xf5 is in no UTF-8 text, so that no text begins like this. */
    public static final byte[] MAGIC = {(byte) 0xf5, 'm', 'l', 'c', 'm'};

    static final int VERSION = 1;

    public static final int BROADCAST = 1;
    public static final int DIRECT = 2;
    public static final int REQUEST = 3;
    public static final int ANSWER = 4;
    public static final int ERROR = 5;
    public static final int DIGEST = 6;
    public static final int FETCH = 7;
    public static final int BUNDLE = 8;

    /** The message was fetched by who had missed it. */
    public static final int REPAIR = 1;
    /** A large one on the same topic went before it, over streams, and may take its time. */
    public static final int BEHIND_LARGE = 2;
    /** Who sent this, which is no broadcast, takes bundles. */
    public static final int TAKES_BUNDLES = 4;

    static final int MAX_HOPS = 16;
    static final int ORIGIN_MAX_BYTES = 1024;

    public static final int VERSION_AT = 5;
    public static final int KIND_AT = 6;
    public static final int FLAGS_AT = 7;
    public static final int HOPS_AT = 8;
    public static final int AGE_AT = 9;
    static final int LOW_AT = 13;
    static final int HIGH_AT = 17;
    static final int INSTANCE_AT = 21;
    static final int NUMBER_AT = 29;
    public static final int ORDER_AT = 37;
    static final int CREATED_AT = 45;
    public static final int ORIGIN_AT = 53;

    private EnvelopeFormat() {}

    /** {@return whether bytes begin as envelopes of whatever version do} */
    public static boolean isEnvelope(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** {@return the kind of an envelope, once its version is known to be understood} */
    public static int kind(byte[] bytes) throws EnvelopeException {
        if (bytes.length <= KIND_AT) {
            throw new EnvelopeException(MessageDropReason.MALFORMED, "an envelope of " + bytes.length + " bytes");
        }
        int version = bytes[VERSION_AT] & 0xff;
        if (version != VERSION) {
            throw new EnvelopeException(MessageDropReason.VERSION, "an envelope of version " + version);
        }
        return bytes[KIND_AT] & 0xff;
    }

    /** {@return whether its sender takes bundles} Broadcasts do not tell: they are passed on as they are. */
    public static boolean saysThatItTakesBundles(byte[] bytes) {
        return bytes.length > FLAGS_AT && bytes[KIND_AT] != BROADCAST && (bytes[FLAGS_AT] & TAKES_BUNDLES) != 0;
    }

    /**
     * {@return a message's bytes, with number and order still zero and nobody to pass it on to; {@link #numbered} puts
     * them in}
     */
    public static byte[] message(
            int kind, Origin origin, long createdMillis, String topic, Map<String, String> headers, byte[] payload) {
        byte[] name = utf8(origin.name());
        byte[] topicBytes = utf8(topic);
        int size = ORIGIN_AT + 2 + name.length + 1 + topicBytes.length + 1 + 4;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            size += 1 + utf8(header.getKey()).length + 2 + utf8(header.getValue()).length;
        }
        ByteBuffer out = begun(kind, 0, size + payload.length)
                .put((byte) (kind == BROADCAST ? MAX_HOPS : 0))
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putLong(origin.instance())
                .putLong(0)
                .putLong(0)
                .putLong(createdMillis)
                .putShort((short) name.length)
                .put(name)
                .put((byte) topicBytes.length)
                .put(topicBytes)
                .put((byte) headers.size());
        headers.forEach((key, value) -> {
            byte[] keyBytes = utf8(key);
            byte[] valueBytes = utf8(value);
            out.put((byte) keyBytes.length)
                    .put(keyBytes)
                    .putShort((short) valueBytes.length)
                    .put(valueBytes);
        });
        return out.putInt(payload.length).put(payload).array();
    }

    /** {@return room for an envelope, of which all up to the flags is written} */
    static ByteBuffer begun(int kind, int flags, int size) {
        return ByteBuffer.allocate(size)
                .put(MAGIC)
                .put((byte) VERSION)
                .put((byte) kind)
                .put((byte) flags);
    }

    /** Puts number, order and flags into a message that nobody has seen yet. */
    public static void numbered(byte[] message, int flags, long number, long order) {
        message[FLAGS_AT] = (byte) flags;
        ByteBuffer.wrap(message).putLong(NUMBER_AT, number).putLong(ORDER_AT, order);
    }

    /** {@return a copy to pass on} */
    public static byte[] passedOn(byte[] message, int flags, int hops, long ageMillis, HashRange range) {
        byte[] copy = message.clone();
        copy[FLAGS_AT] = (byte) flags;
        copy[HOPS_AT] = (byte) hops;
        ByteBuffer.wrap(copy)
                .putInt(AGE_AT, (int) Math.min(ageMillis, 0xffffffffL))
                .putInt(LOW_AT, (int) range.low())
                .putInt(HIGH_AT, (int) range.high());
        return copy;
    }

    public static Envelope read(byte[] bytes) throws EnvelopeException {
        return EnvelopeReader.message(bytes);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return an envelope that this member has made itself} */
    public static Envelope readOwn(byte[] message) {
        try {
            return read(message);
        } catch (EnvelopeException e) {
            throw new IllegalStateException("an envelope of our own cannot be read", e);
        }
    }
}
