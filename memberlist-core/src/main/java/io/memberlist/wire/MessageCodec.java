package io.memberlist.wire;

import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One message, unwrapped: its type byte and its body. Free of state, safe for all threads. */
public final class MessageCodec {
    /** The thread's room to encode in, which hardly any message grows out of: an array keeps no class loader alive. */
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[2048]);

    private MessageCodec() {}

    /**
     * {@return the type byte and the body} A {@link UserMessage} gets its packet form; {@link PushPull} and
     * {@link ErrorMessage} their stream form.
     *
     * @param message what to write
     * @throws IllegalArgumentException if a number is outside of its field's range
     */
    public static byte[] encode(Message message) {
        if (message instanceof UserMessage user) {
            byte[] out = new byte[1 + user.payload().length];
            out[0] = MessageType.USER;
            System.arraycopy(user.payload(), 0, out, 1, user.payload().length);
            return out;
        }
        Buffer out = new Buffer(SCRATCH.get());
        write(message, out);
        return out.toBytes();
    }

    /** Appends the type byte and the body. */
    static void write(Message message, Buffer out) {
        if (message instanceof Ping ping) {
            MapWriter map = new MapWriter(out, MessageType.PING)
                    .map(2 + sourceFields(ping.source()))
                    .string(Field.NODE, ping.node())
                    .u32(Field.SEQ_NO, ping.sequence());
            source(map, ping.source());
        } else if (message instanceof IndirectPing ping) {
            MapWriter map = new MapWriter(out, MessageType.INDIRECT_PING)
                    .map(5 + sourceFields(ping.source()))
                    .bool(Field.NACK, ping.nack())
                    .string(Field.NODE, ping.node())
                    .u16(Field.PORT, ping.port())
                    .u32(Field.SEQ_NO, ping.sequence());
            source(map, ping.source()).bytes(Field.TARGET, ping.target());
        } else if (message instanceof Ack ack) {
            new MapWriter(out, MessageType.ACK)
                    .map(2)
                    .bytes(Field.PAYLOAD, ack.payload())
                    .u32(Field.SEQ_NO, ack.sequence());
        } else if (message instanceof Nack nack) {
            new MapWriter(out, MessageType.NACK).map(1).u32(Field.SEQ_NO, nack.sequence());
        } else if (message instanceof Suspect suspect) {
            suspectOrDead(out, MessageType.SUSPECT, suspect.incarnation(), suspect.node(), suspect.from());
        } else if (message instanceof Dead dead) {
            suspectOrDead(out, MessageType.DEAD, dead.incarnation(), dead.node(), dead.from());
        } else if (message instanceof Alive alive) {
            new MapWriter(out, MessageType.ALIVE)
                    .map(6)
                    .bytes(Field.ADDR, alive.address())
                    .u32(Field.INCARNATION, alive.incarnation())
                    .bytes(Field.META, alive.meta())
                    .string(Field.NODE, alive.node())
                    .u16(Field.PORT, alive.port())
                    .bytes(Field.VSN, alive.versions());
        } else {
            StreamBody.write(message, out);
        }
    }

    /**
     * {@return the message of a packet: ping, indirect ping, ack, nack, suspect, alive, dead or user} Bytes behind its
     * end are ignored, as the Go library does.
     *
     * @param bytes holds the message; nothing of it is kept
     * @param offset where its type byte is
     * @param length how many bytes it has
     * @throws WireException if the bytes are no such message
     */
    public static Message decode(byte[] bytes, int offset, int length) throws WireException {
        if (length == 0) {
            throw new WireException(Reason.TRUNCATED, "missing message type byte");
        }
        int type = bytes[offset] & 0xff;
        int limit = offset + length;
        if (type == MessageType.USER) {
            return new UserMessage(Arrays.copyOfRange(bytes, offset + 1, limit));
        }
        if (type != MessageType.NACK && type > MessageType.DEAD) {
            throw new WireException(Reason.UNSUPPORTED, "message type (" + type + ") not supported in a packet");
        }
        return BodyReader.read(type, new MapReader(bytes, offset + 1, limit));
    }

    private static void suspectOrDead(Buffer out, int type, long incarnation, String node, String from) {
        new MapWriter(out, type)
                .map(3)
                .string(Field.FROM, from)
                .u32(Field.INCARNATION, incarnation)
                .string(Field.NODE, node);
    }

    private static int sourceFields(@Nullable Source source) {
        if (source == null) {
            return 0;
        }
        return (source.address().length > 0 ? 1 : 0) + (source.node().isEmpty() ? 0 : 1) + (source.port() != 0 ? 1 : 0);
    }

    private static MapWriter source(MapWriter out, @Nullable Source source) {
        if (source == null) {
            return out;
        }
        if (source.address().length > 0) {
            out.bytes(Field.SOURCE_ADDR, source.address());
        }
        if (!source.node().isEmpty()) {
            out.string(Field.SOURCE_NODE, source.node());
        }
        if (source.port() != 0) {
            out.u16(Field.SOURCE_PORT, source.port());
        }
        return out;
    }
}
