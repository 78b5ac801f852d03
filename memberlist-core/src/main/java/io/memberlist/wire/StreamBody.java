package io.memberlist.wire;

import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;
import java.util.List;

/** The messages of streams without their wrappers. */
final class StreamBody {
    /** The most that a header takes, with room for the codec to write beyond the end. */
    private static final int HEADER_BYTES = 68;
    /** The most that a member takes beside its four strings and arrays, mostly names of fields. */
    private static final int NODE_BYTES = 52;

    private StreamBody() {}

    /** Appends type byte and body; those of {@link MessageCodec} where streams have no form of their own. */
    static void write(Message message, Buffer out) {
        if (message instanceof PushPull state) {
            pushPull(state, out);
        } else if (message instanceof UserMessage user) {
            new MapWriter(out, MessageType.USER).map(1).signed(Field.USER_MSG_LEN, user.payload().length);
            out.append(user.payload());
        } else if (message instanceof ErrorMessage error) {
            new MapWriter(out, MessageType.ERROR).map(1).string(Field.ERROR, error.error());
        } else {
            MessageCodec.write(message, out);
        }
    }

    private static void pushPull(PushPull state, Buffer out) {
        out.ensureRoom(size(state));
        MapWriter map = new MapWriter(out, MessageType.PUSH_PULL)
                .map(3)
                .bool(Field.JOIN, state.join())
                .signed(Field.NODES, state.nodes().size())
                .signed(Field.USER_STATE_LEN, state.userState().length);
        for (PushPullNode node : state.nodes()) {
            map.map(7)
                    .bytes(Field.ADDR, node.address())
                    .u32(Field.INCARNATION, node.incarnation())
                    // the Go library has an empty array here where alive has nil, and reads both as the same
                    .bytesOrEmpty(Field.META, node.meta())
                    .string(Field.NAME, node.name())
                    .u16(Field.PORT, node.port())
                    .signed(Field.STATE, node.state())
                    .bytes(Field.VSN, node.versions());
        }
        out.append(state.userState());
    }

    /** {@return at least as many bytes as a state has whose names are ASCII, so that the buffer need not grow} */
    private static int size(PushPull state) {
        long size = HEADER_BYTES + state.userState().length;
        for (PushPullNode node : state.nodes()) {
            size += NODE_BYTES
                    + MapWriter.rawSize(node.address().length)
                    + MapWriter.rawSize(node.meta().length)
                    + MapWriter.rawSize(node.name().length())
                    + MapWriter.rawSize(node.versions().length);
        }
        return (int) Math.min(size, Integer.MAX_VALUE / 2);
    }

    static Message decode(byte[] bytes, int offset, int limit, WireLimits limits) throws WireException {
        if (offset >= limit) {
            throw new WireException(Reason.TRUNCATED, "missing message type byte");
        }
        int type = bytes[offset] & 0xff;
        MapReader in = new MapReader(bytes, offset + 1, limit);
        return switch (type) {
            case MessageType.PING, MessageType.ACK, MessageType.ERROR -> BodyReader.read(type, in);
            case MessageType.USER, MessageType.PUSH_PULL -> {
                StreamHeader header = StreamHeader.read(type, in, limits);
                List<PushPullNode> nodes = BodyReader.nodes(in, header.nodes());
                byte[] tail = tail(bytes, in.position(), limit, header.tail());
                yield type == MessageType.USER
                        ? new UserMessage(tail)
                        : new PushPull(header.join(), nodes, header.nodes() - nodes.size(), tail);
            }
            default -> throw unsupported(type);
        };
    }

    static WireException unsupported(int type) {
        return new WireException(Reason.UNSUPPORTED, "message type (" + type + ") not supported on a stream");
    }

    private static byte[] tail(byte[] bytes, int offset, int limit, int length) throws WireException {
        if (limit - offset < length) {
            throw new WireException(
                    Reason.TRUNCATED, "failed to read full message (" + (limit - offset) + " / " + length + ")");
        }
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
