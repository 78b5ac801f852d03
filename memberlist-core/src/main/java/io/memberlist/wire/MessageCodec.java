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
    private MessageCodec() {}

    /**
     * {@return the type byte and the body} A {@link UserMessage} gets its packet form; {@link PushPull} and
     * {@link ErrorMessage} their stream form.
     *
     * @param message what to write
     * @throws IllegalArgumentException if a number is outside of its field's range
     */
    public static byte[] encode(Message message) {
        if (message instanceof Ping ping) {
            MapWriter out = new MapWriter(MessageType.PING)
                    .map(2 + sourceFields(ping.source()))
                    .string("Node", ping.node())
                    .u32("SeqNo", ping.sequence());
            return source(out, ping.source()).toBytes();
        } else if (message instanceof IndirectPing ping) {
            MapWriter out = new MapWriter(MessageType.INDIRECT_PING)
                    .map(5 + sourceFields(ping.source()))
                    .bool("Nack", ping.nack())
                    .string("Node", ping.node())
                    .u16("Port", ping.port())
                    .u32("SeqNo", ping.sequence());
            return source(out, ping.source()).bytes("Target", ping.target()).toBytes();
        } else if (message instanceof Ack ack) {
            return new MapWriter(MessageType.ACK)
                    .map(2)
                    .bytes("Payload", ack.payload())
                    .u32("SeqNo", ack.sequence())
                    .toBytes();
        } else if (message instanceof Nack nack) {
            return new MapWriter(MessageType.NACK)
                    .map(1)
                    .u32("SeqNo", nack.sequence())
                    .toBytes();
        } else if (message instanceof Suspect suspect) {
            return accusation(MessageType.SUSPECT, suspect.incarnation(), suspect.node(), suspect.from());
        } else if (message instanceof Dead dead) {
            return accusation(MessageType.DEAD, dead.incarnation(), dead.node(), dead.from());
        } else if (message instanceof Alive alive) {
            return new MapWriter(MessageType.ALIVE)
                    .map(6)
                    .bytes("Addr", alive.address())
                    .u32("Incarnation", alive.incarnation())
                    .bytes("Meta", alive.meta())
                    .string("Node", alive.node())
                    .u16("Port", alive.port())
                    .bytes("Vsn", alive.versions())
                    .toBytes();
        } else if (message instanceof UserMessage user) {
            byte[] out = new byte[1 + user.payload().length];
            out[0] = MessageType.USER;
            System.arraycopy(user.payload(), 0, out, 1, user.payload().length);
            return out;
        } else if (message instanceof PushPull || message instanceof ErrorMessage) {
            return StreamBody.encode(message);
        }
        throw new IllegalArgumentException("no form for " + message.getClass());
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

    private static byte[] accusation(int type, long incarnation, String node, String from) {
        return new MapWriter(type)
                .map(3)
                .string("From", from)
                .u32("Incarnation", incarnation)
                .string("Node", node)
                .toBytes();
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
            out.bytes("SourceAddr", source.address());
        }
        if (!source.node().isEmpty()) {
            out.string("SourceNode", source.node());
        }
        if (source.port() != 0) {
            out.u16("SourcePort", source.port());
        }
        return out;
    }
}
